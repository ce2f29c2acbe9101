"""What the files of a desktop without a portal say about motion."""

from pathlib import Path

import pytest

from autosky_desktop.system import motion

FILES = [
    ("KDE", "kdeglobals", "[KDE]\nAnimationDurationFactor=0\n", True),
    ("KDE", "kdeglobals", "[KDE]\nAnimationDurationFactor=0.0\n", True),
    ("KDE", "kdeglobals", "[KDE]\nAnimationDurationFactor=1.5\n", False),
    ("KDE", "kdeglobals", "[KDE]\nAnimationDurationFactor=\n", False),
    ("KDE", "kdeglobals", "[General]\nAnimationDurationFactor=0\n[KDE]\n", False),
    ("XFCE", "kdeglobals", "[KDE]\nAnimationDurationFactor=0\n", False),
    ("XFCE", "gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations = false\n", True),
    ("X-Cinnamon", "gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n", True),
    ("XFCE", "gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=1\n", False),
    ("KDE", "gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n", False),
    ("XFCE", "gtk-3.0/settings.ini", "\x00\xff no file of sections", False),
]


@pytest.mark.parametrize(("desktop", "name", "text", "reduced"), FILES)
def test_each_desktop_is_asked_in_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    desktop: str, name: str, text: str, reduced: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", f"ubuntu:{desktop}")
    assert not motion.is_reduced()
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode("latin-1"))
    assert motion.is_reduced() is reduced


def test_a_file_that_cannot_be_read_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    (tmp_path / "kdeglobals").mkdir()
    assert not motion.is_reduced()
