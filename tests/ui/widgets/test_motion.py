"""Nothing moves where somebody wants things to stand still, in the system or in Settings."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.motion import SystemMotion
from autosky_desktop.ui.theme.theme import Theme
from autosky_desktop.ui.widgets.status import StatusPill, spin
from autosky_desktop.words.states import StatusKind
from tests.support.bus import session_bus
from tests.support.settings_portal import settings_portal

UI = Path(__file__).parents[3] / "autosky_desktop" / "ui"
STILL = [
    ("org.freedesktop.appearance", "reduced-motion", "u", 1, 0),
    ("org.gnome.desktop.interface", "enable-animations", "b", False, True),
    ("org.kde.kdeglobals.KDE", "AnimationDurationFactor", "s", "0", "0.5"),
]


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[tuple[str, QDBusConnection]]:
    name = uuid.uuid4().hex
    with session_bus(tmp_path) as address:
        yield address, QDBusConnection.connectToBus(address, name)
        QDBusConnection.disconnectFromBus(name)


@pytest.fixture
def config(tmp_path: Path, qapp: QApplication) -> Iterator[Path]:
    """Where the desktop's files are, of KDE; afterwards everybody looks at the real ones again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        patch.setenv("XDG_CURRENT_DESKTOP", "KDE")
        yield tmp_path
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


@pytest.mark.parametrize(("namespace", "key", "signature", "still", "moving"), STILL)
def test_what_the_desktop_says_counts_and_is_followed(
    qtbot: QtBot,
    qapp: QApplication,
    bus: tuple[str, QDBusConnection],
    namespace: str,
    key: str,
    signature: str,
    still: object,
    moving: object,
) -> None:
    address, connection = bus
    with settings_portal(address, {namespace: {key: (signature, still)}}) as portal:
        motion = SystemMotion(qapp, connection)
        assert not motion.reduced, "nobody waits for the portal"
        qtbot.waitUntil(lambda: motion.reduced)
        with qtbot.waitSignal(motion.changed):
            portal.tell(namespace, key, signature, moving)
        assert not motion.reduced
        with qtbot.waitSignal(motion.changed):
            portal.tell(namespace, key, signature, still)
        assert motion.reduced


def test_a_portal_that_says_what_nobody_understands_changes_nothing(
    qtbot: QtBot, qapp: QApplication, bus: tuple[str, QDBusConnection]
) -> None:
    address, connection = bus
    odd = {"org.kde.kdeglobals.KDE": {"AnimationDurationFactor": ("s", "fast")}}
    with settings_portal(address, odd) as portal:
        motion = SystemMotion(qapp, connection)
        portal.tell("org.freedesktop.appearance", "reduced-motion", "s", "1")
        portal.tell("org.freedesktop.appearance", "accent-color", "(ddd)", [1.0, 0.0, 0.0])
        portal.tell("org.gnome.desktop.interface", "enable-animations", "u", 0)
        with qtbot.waitSignal(motion.changed):
            portal.tell("org.freedesktop.appearance", "reduced-motion", "u", 1)
        assert [key for key, still in motion._still.items() if still] == [
            ("org.freedesktop.appearance", "reduced-motion")
        ]


def test_without_a_portal_files_are_read_whenever_somebody_comes_back(
    qapp: QApplication, config: Path
) -> None:
    motion = SystemMotion(qapp, QDBusConnection("nowhere"))
    assert not motion.reduced
    (config / "kdeglobals").write_text("[KDE]\nAnimationDurationFactor=0\n")
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert not motion.reduced
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert motion.reduced


def test_a_busy_shape_stops_and_turns_again_as_it_is_chosen(qtbot: QtBot, dressed: Theme) -> None:
    pill = StatusPill()
    qtbot.addWidget(pill)
    pill.show_status(StatusKind.BUSY, "Starting, 4 s")
    pill.show()
    qtbot.waitExposed(pill)
    qtbot.waitUntil(lambda: spin().turning)
    dressed.reduce_motion(True)
    try:
        qtbot.waitUntil(lambda: not spin().turning)
    finally:
        dressed.reduce_motion(False)
    qtbot.waitUntil(lambda: spin().turning)


def test_what_the_system_wants_stops_it_and_lets_it_turn_again(
    qtbot: QtBot,
    qapp: QApplication,
    dressed: Theme,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dressed, "_system_motion", None)
    dressed.follow_motion()
    assert theme.current().motion
    pill = StatusPill()
    qtbot.addWidget(pill)
    pill.show_status(StatusKind.BUSY, "Starting, 4 s")
    pill.show()
    qtbot.waitUntil(lambda: spin().turning)
    (config / "kdeglobals").write_text("[KDE]\nAnimationDurationFactor=0\n")
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: not spin().turning)
    (config / "kdeglobals").unlink()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: spin().turning)


MOVES = re.compile(r"Q\w*Animation|QTimeLine|QMovie|interval=_?[A-Z_]*(FRAME|STEP)")


def test_everything_that_moves_asks_the_theme() -> None:
    moving = {it for it in UI.rglob("*.py") if MOVES.search(it.read_text())}
    assert {it.name for it in moving} == {"status.py", "fade.py"}
    for file in moving:
        assert "theme.current().motion" in file.read_text(), file
