"""Under Help in the main menu stand the keys, the log and what this program is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit, QTextBrowser

from autosky_desktop import __version__
from autosky_desktop.system import folders
from autosky_desktop.ui.frame.guide import GuideWindow, show_guide
from autosky_desktop.ui.widgets.dialog import Dialog
from tests.support.evening import Evening, an_evening
from tests.support.person import Person, visible


class Opened:
    """What the desktop was asked to open."""

    def __init__(self) -> None:
        self.places: list[str] = []

    def open(self, url: QUrl) -> bool:
        self.places.append(url.toLocalFile())
        return True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    it = Opened()
    monkeypatch.setattr(QDesktopServices, "openUrl", it.open)
    return it.places


async def chooses_help(me: Person, text: str) -> None:
    await me.presses("Main menu")
    await me.chooses("Help")
    await me.chooses(text)


async def test_f1_lists_every_command_that_has_a_key(qloop: object, me: Person) -> None:
    async with an_evening() as it:
        me.key(Qt.Key.Key_F1)
        await me.sees("Keyboard shortcuts")
        shown = {label.text() for label in the_dialog().findChildren(QLabel)}
        for action in it.desktop._commands.all:
            if keys := action.shortcut().toString():
                assert {action.text().rstrip("…"), keys} <= shown
        assert {"Command palette", "Ctrl+K", "Publish what the form holds", "Alt+P"} <= shown
        spoken = [it.accessibleName() for it in visible(QLabel)]
        assert "Force provider update: F5" in spoken
        await me.presses("Close")


@pytest.mark.parametrize("growth", [1.0, 1.5])
async def test_the_list_of_keys_is_not_cut_at_its_right(
    qloop: object, me: Person, growth: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autosky_desktop.ui.frame.help.growth", lambda: growth)
    async with an_evening():
        await chooses_help(me, "Keyboard shortcuts")
        await me.sees("Force provider update: F5")
        dialog = the_dialog()
        for label in dialog.findChildren(QLabel):
            if label.accessibleName().startswith(("Cancel the", "Previous environment")):
                right = label.mapTo(dialog, label.rect().topRight()).x()
                assert right < dialog.width() - 16
                assert label.width() >= label.sizeHint().width()
        await me.presses("Close")


async def test_about_names_the_versions_and_the_places(
    qloop: object, me: Person, opened: list[str]
) -> None:
    async with an_evening():
        await chooses_help(me, "About Autosky Desktop")
        await me.sees(f"Version: {__version__}")
        await me.sees("Control plane: This computer, version 1")
        await me.sees(f"Data folder: {folders.data()}")
        await me.sees(f"Log folder: {folders.logs()}")
        await me.presses("Copy these details")
        copied = QGuiApplication.clipboard().text().splitlines()
        assert copied[0] == f"Version: {__version__}"
        assert f"Settings: {folders.settings()}" in copied
        await me.presses("Open the log folder")
        assert opened == [str(folders.logs())]
        await me.presses("Close")


async def test_about_without_a_control_plane_says_so(qloop: object, me: Person) -> None:
    async with an_evening() as it:
        forget_plane(it)
        await chooses_help(me, "About Autosky Desktop")
        await me.sees("Control plane: Not connected")
        await me.presses("Close")


async def test_the_log_and_its_folder_are_opened_from_the_menu(
    qloop: object, me: Person, opened: list[str]
) -> None:
    async with an_evening():
        await chooses_help(me, "Open the log folder")
        await chooses_help(me, "Open the log")
        assert opened[0] == str(folders.logs())
        assert len(opened) == 2
        assert opened[1].startswith(str(folders.logs()))


def the_dialog() -> Dialog:
    return next(visible(Dialog))


def forget_plane(it: Evening) -> None:
    it.store.me = None
    it.store.tell()


async def test_a_report_is_shown_struck_through_then_copied_and_saved(
    qloop: object, me: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "desktop.log").write_text("ERP Production at 10.20.0.11, password=hunter2 failed\n")
    monkeypatch.setattr(folders, "logs", lambda: logs)
    async with an_evening():
        await chooses_help(me, "Report a problem")
        await me.sees("The report")
        text = next(visible(QPlainTextEdit))
        await me.until(lambda: "== window ==" in text.toPlainText(), "the report")
        assert "[name] at [address], password=[secret] failed" in text.toPlainText()
        await me.presses("Copy the report")
        assert QGuiApplication.clipboard().text() == text.toPlainText()
        await me.presses("Save report")
        await me.until(lambda: any(visible(QFileDialog)), "where to save it")
        chosen = next(visible(QFileDialog))
        chosen.selectFile(str(tmp_path / "report.txt"))
        chosen.accept()
        await me.sees("It was written to report.txt.")
        assert (tmp_path / "report.txt").read_text() == text.toPlainText()
        await me.presses("Close")


async def test_the_guide_is_no_larger_than_the_screen(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autosky_desktop.ui.frame.guide.SIZE", (90_000, 90_000))
    async with an_evening() as it:
        show_guide(it.desktop.window)
        await me.until(lambda: any(visible(GuideWindow)), "the guide")
        guide = next(visible(GuideWindow))
        assert guide.size() == guide.screen().availableSize()


@pytest.mark.parametrize(
    ("code", "title", "page"),
    [
        ("en", "a guide for administrators", "The first hour"),
        ("pt_BR", "guia", "A primeira hora"),
        ("xx", "a guide for administrators", "The first hour"),
    ],
)
async def test_the_guide_is_read_beside_the_window_and_its_links_lead_on(
    qloop: object, me: Person, code: str, title: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autosky_desktop.words.language.code", lambda: code)
    async with an_evening() as it:
        await chooses_help(me, "Guide")
        await me.until(lambda: any(visible(QTextBrowser)), "the guide")
        browser = next(visible(QTextBrowser))
        assert title in browser.toPlainText()
        assert " – " in browser.window().windowTitle()
        browser.setSource(browser.source().resolved(QUrl("first-hour.md")))
        assert page in browser.toPlainText()
        await me.presses("Back")
        assert title in browser.toPlainText()
        show_guide(it.desktop.window)
        assert len({*visible(GuideWindow)}) == 1
        me.key(Qt.Key.Key_Escape)
        await me.until(lambda: not any(visible(GuideWindow)), "no guide")
