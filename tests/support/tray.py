"""A real panel with a tray (xfce4-panel) at a desk, and somebody who reads and clicks in it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.bus import wait_for_name
from tests.support.program import Desk
from tests.support.waiting import eventually

WATCHER = "org.kde.StatusNotifierWatcher"
KEEPER_OF_SETTINGS = "org.xfce.Xfconf"
READER = ["/usr/bin/python3", str(Path(__file__).with_name("tray_reader.py"))]
OURS = "autosky-desktop"

PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="28"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
"""


@dataclass(frozen=True)
class Icon:
    """An icon in the tray, as the panel knows it."""

    id: str
    title: str
    status: str
    tip: str


@dataclass(frozen=True)
class MenuLine:
    label: str
    enabled: bool
    below: "tuple[MenuLine, ...]" = ()


class Tray:
    """A tray to read. Each method takes an icon's id as `icon`; ours, if none is given."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def icons(self) -> list[Icon]:
        return [Icon(*words) for words in self._ask("items") or []]

    def sees(self, icon: str = OURS) -> Icon:
        """Wait until the icon is in the tray."""
        return eventually(lambda: next((it for it in self.icons() if it.id == icon), None))

    def picture(self, icon: str = OURS) -> bytes:
        """Return the pixels of the icon, to tell one look from another."""
        _width, _height, pixels = self._ask("picture", icon) or [0, 0, ""]
        return bytes.fromhex(pixels)

    def menu(self, icon: str = OURS) -> list[MenuLine]:
        return [_line(line) for line in self._ask("lines", icon) or []]

    def labels(self, icon: str = OURS) -> list[str]:
        """Return every label of the menu and its sub-menus."""
        return list(_labels(self.menu(icon)))

    def click(self, *labels: str, icon: str = OURS) -> None:
        """Choose a line of the menu by its label, below the labels of the menus before it."""
        assert self._ask("click", icon, *labels), f"no {labels} in {self.menu(icon)}"

    def activate(self, icon: str = OURS) -> None:
        """Click the icon itself."""
        assert self._ask("activate", icon), f"{icon} is not in the tray"

    def _ask(self, *words: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def _line(words: Any) -> MenuLine:
    label, enabled, below = words
    return MenuLine(label, enabled, tuple(map(_line, below)))


def _labels(lines: "list[MenuLine] | tuple[MenuLine, ...]") -> Iterator[str]:
    for line in lines:
        yield line.label
        yield from _labels(line.below)


@contextmanager
def panel(desk: Desk) -> Iterator[None]:
    """Run the panel; its bus must be able to start the `KEEPER_OF_SETTINGS`."""
    settings = desk.home / ".config/xfce4/xfconf/xfce-perchannel-xml"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "xfce4-panel.xml").write_text(PANEL)
    with desk.running(["xfce4-panel", "--disable-wm-check"]):
        wait_for_name(desk.bus, WATCHER)
        yield


@contextmanager
def reading_tray(desk: Desk) -> Iterator[Tray]:
    """Yield somebody who reads the tray, whether there is a panel (yet) or not."""
    with subprocess.Popen(
        READER, env=desk.environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Tray(process)
