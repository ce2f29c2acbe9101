"""The one id, the icon in every format, and what desktops are told of the program."""

import plistlib
import re
import struct
import subprocess
import xml.etree.ElementTree as Xml
from pathlib import Path

import icons
import product
import pytest
from linux.share import metainfo, put_share
from PySide6.QtGui import QGuiApplication, QImage

from autosky_desktop import cli
from autosky_desktop.app import _read
from autosky_desktop.system.folders import resources

LINUX = Path("packaging/linux")
ENTRY = LINUX / "io.autosky.desktop.desktop"


def entry() -> dict[str, str]:
    lines = ENTRY.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_the_entry_the_window_the_description_and_the_bundle_have_one_id(
    qapp: QGuiApplication,
) -> None:
    component = Xml.fromstring(metainfo())
    assert product.ID == "io.autosky.desktop"
    assert qapp.desktopFileName() == product.ID
    assert ENTRY.name == f"{product.ID}.desktop"
    assert entry()["StartupWMClass"] == entry()["Icon"] == product.ID
    assert component.findtext("id") == product.ID
    assert component.findtext("launchable") == ENTRY.name
    types = product.info_plist()["CFBundleURLTypes"]
    assert types == [
        {
            "CFBundleURLName": product.ID,
            "CFBundleTypeRole": "Viewer",
            "CFBundleURLSchemes": ["autosky"],
        }
    ]


def test_the_description_tells_this_version_and_its_day() -> None:
    release = Xml.fromstring(metainfo()).find("releases/release")
    assert release is not None
    assert release.get("version") == product.VERSION
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", release.get("date") or "")


def test_every_text_of_the_entry_and_the_description_is_in_three_languages() -> None:
    told = entry()
    for key in ("GenericName", "Comment", "Keywords"):
        for language in ("pt_BR", "es"):
            assert told[f"{key}[{language}]"] != told[key]
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    component = Xml.fromstring(metainfo())
    for kind in ("summary", "description/p", "description/ul/li"):
        texts = component.findall(kind)
        spoken = [text.get(lang, "en") for text in texts]
        assert spoken == ["en", "pt-BR", "es"] * (len(texts) // 3)


def test_the_entry_and_the_description_are_valid(tmp_path: Path) -> None:
    put_share(tmp_path)
    checked = tmp_path / "applications" / ENTRY.name
    described = tmp_path / "metainfo/io.autosky.desktop.metainfo.xml"
    for command in (
        ["desktop-file-validate", str(checked)],
        ["appstreamcli", "validate", "--no-net", str(described)],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "warning" not in done.stdout.lower()


def test_the_icon_is_there_in_every_size_and_at_each_of_them_full(tmp_path: Path) -> None:
    put_share(tmp_path)
    found = sorted((tmp_path / "icons/hicolor").glob("*/apps/io.autosky.desktop.*"))
    assert len(found) == 10
    for file in found:
        if file.suffix == ".png":
            picture = QImage(str(file))
            side = int(file.parts[-3].partition("x")[0])
            assert (picture.width(), picture.height()) == (side, side)
            assert picture.pixelColor(side // 2, side // 16 + 1).name() == "#2258c7"
            assert picture.pixelColor(side // 2, side * 5 // 8).name() == "#ffffff"
            assert picture.pixelColor(0, 0).alpha() < 90


def test_the_icon_that_notifications_show_is_the_same() -> None:
    kept = QImage(str(resources() / "icons/io.autosky.desktop.png"))
    assert kept == QImage.fromData(icons.png(128)).convertToFormat(kept.format())


def test_the_icons_of_windows_and_macos_hold_pictures_of_the_sizes_they_name() -> None:
    ico = icons.ico()
    _, kind, number = struct.unpack_from("<HHH", ico)
    sides = []
    for line in range(number):
        side, _, _, _, _, bits, length, begin = struct.unpack_from("<BBBBHHII", ico, 6 + 16 * line)
        picture = QImage.fromData(ico[begin : begin + length])
        assert (picture.width(), bits) == (side or 256, 32)
        sides.append(picture.width())
    assert (kind, sides) == (1, [16, 20, 24, 32, 40, 48, 64, 256])

    icns = icons.icns()
    assert struct.unpack_from(">4sI", icns) == (b"icns", len(icns))
    place, found = 8, {}
    while place < len(icns):
        name, length = struct.unpack_from(">4sI", icns, place)
        found[name] = QImage.fromData(icns[place + 8 : place + length]).width()
        place += length
    assert found == icons.OF_MACOS
    assert found[b"ic10"] == 1024


def test_windows_and_macos_are_told_the_version() -> None:
    assert product.four_numbers("1.20.3") == (1, 20, 3, 0)
    assert product.four_numbers("1.2.0rc1") == (1, 2, 0, 1)
    resource = product.windows_version()
    assert f"StringStruct('ProductVersion', {product.VERSION!r})" in resource
    plist = plistlib.loads(plistlib.dumps(product.info_plist()))
    assert plist["CFBundleShortVersionString"] == product.VERSION
    assert plist["CFBundleLocalizations"] == ["en", "pt-BR", "es"]


def test_the_manuals_tell_every_option_and_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _read(["--help"])
    window = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    cli.main(["--help"])
    commands = set(re.findall(r"autosky (--version|[a-z]+)", capsys.readouterr().out))
    manual = (LINUX / "autosky-desktop.1").read_text().replace("\\-", "-")
    assert {option for option in window if option not in manual} == set()
    manual = (LINUX / "autosky.1").read_text().replace("\\-", "-")
    told = set(re.findall(r"^\.B (--version|[a-z]+)", manual, re.MULTILINE))
    assert commands - told == set()


@pytest.mark.parametrize("manual", sorted(LINUX.glob("*.1")), ids=lambda it: it.name)
def test_a_manual_is_well_formed(manual: Path) -> None:
    command = ["man", "--warnings", "--local-file", str(manual)]
    done = subprocess.run(command, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"})
    assert (done.returncode, done.stderr) == (0, "")
    assert manual.stem.upper() in done.stdout
