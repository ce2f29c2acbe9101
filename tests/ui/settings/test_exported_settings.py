"""Settings are exported and imported from their own window, which shows at once what was taken."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.theme import prefer_colours
from autosky_desktop.ui.theme.tokens import DARK
from tests.support.evening import an_evening
from tests.support.person import Person, visible


async def chooses_file(me: Person, file: Path) -> None:
    dialog = await me.until(lambda: next(visible(QFileDialog), None), "which file")
    dialog.setDirectory(str(file.parent))
    dialog.selectFile(str(file))
    dialog.accept()


async def test_they_go_out_and_come_in_again(qloop: object, me: Person, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    async with an_evening() as it:
        it.preferences.change(theme="dark", quiet_hours=(22, 6))
        try:
            await me.presses("Settings")
            await me.presses("Export settings")
            await chooses_file(me, file)
            await me.sees("The settings were written to mine.json. No password is in it.")
            it.preferences.change(theme="system", quiet_hours=())
            await me.presses("Import settings")
            await chooses_file(me, file)
            await me.sees("settings were taken from the file.")
            assert it.preferences.settings.theme == "dark"
            assert it.preferences.settings.quiet_hours == (22, 6)
            assert theme.tokens() == DARK
            shown = {box.accessibleName(): box.currentText() for box in visible(QComboBox)}
            assert shown["Theme"] == "Dark"
            await me.presses("Close")
        finally:
            prefer_colours("system")


FILE = '{"holds": "settings of Autosky Desktop", "settings": {%s}}'
REFUSED = FILE % '"theme": 7, "motion": "system", "later": 1'
TOLD = "1 setting was taken from the file. Not taken: light or dark, settings of another version."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no settings", "mine.json holds no settings of Autosky Desktop."),
        (REFUSED, TOLD),
    ],
)
async def test_what_cannot_be_taken_is_said(
    qloop: object, me: Person, tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "mine.json").write_text(content)
    async with an_evening() as it:
        before = it.preferences.settings
        await me.presses("Settings")
        await me.presses("Import settings")
        await chooses_file(me, tmp_path / "mine.json")
        await me.sees(said)
        assert it.preferences.settings == before
        await me.presses("Close")
