"""A sentence that sends a person to a log opens it, and a control plane that cannot start says
where it is.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel

from autosky_desktop.domain.connecting import CannotConnect, Trouble
from autosky_desktop.domain.errors import CannotStart, NotUnderstood, Offline, Refused, Unexpected
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.plane_files import KeptReminders, OwedConnections
from autosky_desktop.system.settings import Preferences, Settings, UnreadSettings
from autosky_desktop.ui.banners.remembered import LostSettings
from autosky_desktop.ui.frame.starting import Starting
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.ui.widgets.open_log import LogButton
from autosky_desktop.words import activity, mail
from autosky_desktop.words.connecting import why
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.provider import UNFORESEEN
from autosky_desktop.words.settings import WORDS
from tests.support import looking
from tests.support.evening import NOW, a_publication, an_activity, an_evening
from tests.support.keychain import FakeKeychain
from tests.support.person import Person, visible

INTERNAL = Refused(Problem(type="x", title="x", status=500, code=Code.INTERNAL))


PINS = CannotConnect(Trouble.UNTRUSTWORTHY, "pins")
UNREAD = Refused(
    Problem(type="x", title="x", status=502, code=Code.PROVIDER_REFUSED, detail=UNFORESEEN)
)


class Opened(QObject):
    """Stands for what the system would open a file with."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.files.append(Path(url.toLocalFile()))


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = Opened()
    QDesktopServices.setUrlHandler("file", found, "take")  # type: ignore[arg-type]
    yield found
    QDesktopServices.unsetUrlHandler("file")


def write(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("why")
    return file


@pytest.mark.parametrize(
    ("cause", "file"),
    [
        (Unexpected("defect"), "state/autosky-desktop/log/desktop.log"),
        (LookupError("nobody foresaw"), "state/autosky-desktop/log/desktop.log"),
        (INTERNAL, "autosky-desktop/logs/control-plane.log"),
        (PINS, "state/autosky-desktop/log/desktop.log"),
        (UNREAD, "autosky-desktop/logs/control-plane.log"),
        (CannotStart("unexpected"), "autosky-desktop/control-plane.err"),
    ],
)
def test_what_says_that_the_log_says_why_opens_that_log(
    qapp: object, opened: Opened, tmp_path: Path, cause: Exception, file: str
) -> None:
    log, box, banner = write(tmp_path / file), ErrorBox(), Banner()
    said = sentence(cause)
    if isinstance(cause, CannotConnect):
        said = why(cause, server="WEB-01", account="ana")
    assert "log" in said
    box.tell(said)
    banner.tell("Not connected.", said)
    for button in (box.log, banner.log):
        assert not button.isHidden()
        button.click()
    assert opened.files == [log, log]


def test_without_the_file_its_folder_is_opened(
    qapp: object, opened: Opened, tmp_path: Path
) -> None:
    button = LogButton()
    button.click()
    assert opened.files == [tmp_path / "state/autosky-desktop/log"]


@pytest.mark.parametrize("cause", [Offline(), NotUnderstood("x"), CannotStart("no-port")])
def test_another_sentence_has_no_such_button(qapp: object, cause: Exception) -> None:
    box = ErrorBox()
    box.tell(sentence(Unexpected("first")))
    box.tell(sentence(cause))
    assert box.log.isHidden()


async def test_a_publication_that_failed_for_an_error_of_ours_leads_to_the_log(
    qloop: object, me: Person, opened: Opened, tmp_path: Path
) -> None:
    log = write(tmp_path / "autosky-desktop/logs/control-plane.log")
    run = a_publication("succeeded", "failed", "pending", state="failed", id="now", version=42)
    steps = [
        msgspec.structs.replace(it, reason="unexpected") if it.state == "failed" else it
        for it in run.steps
    ]
    async with an_evening() as evening:
        evening.show(publications=[msgspec.structs.replace(run, steps=steps)])
        await me.opens_tab("Publish")
        await me.sees("The control plane ran into an unexpected error.")
        looking.settle()
        assert not list(looking.covered(looking.shown_in(evening.desktop.window)))
        await me.presses("Open the log")
        await me.presses("Show details")
        await me.sees("Details of version 42")
        await me.presses("Open the log")
        await me.presses("Close")
    assert opened.files == [log, log]


@pytest.mark.parametrize(
    "said",
    [
        activity.reason(an_activity(reason="internal", outcome="failed")),
        mail.cause(a_publication(state="failed", reason="unexpected", steps=[]), "UTC"),
    ],
)
def test_what_can_have_no_button_speaks_of_no_log(said: str) -> None:
    assert "error" in said
    assert "log" not in said


async def test_a_control_plane_that_cannot_start_says_where_it_is_and_what_was_said(
    qloop: object, me: Person, opened: Opened, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        evening.store.environments.replace([])
        cause = CannotStart("folder-refused", "[Errno 20] Not a directory: 'x'")
        evening.store.set_connection(LineStatus(Line.FAILED, NOW, NOW, cause))
        await me.sees("The control plane cannot use its data folder.")
        await me.sees(
            f"Data folder: {tmp_path / 'autosky-desktop'}\n[Errno 20] Not a directory: 'x'"
        )
        await me.presses("Copy details")
        copied = QGuiApplication.clipboard().text()
        assert str(tmp_path / "autosky-desktop") in copied
        assert "Not a directory" in copied
        write(tmp_path / "autosky-desktop/control-plane.err")
        await me.presses("Open the log")
        assert opened.files == [tmp_path / "autosky-desktop/control-plane.err"]


async def test_what_is_said_already_is_not_said_again_beneath(qloop: object, me: Person) -> None:
    why = "in e.json, publicIp of 'WEB-1' must be text of 1 to 64 letters."
    async with an_evening() as evening:
        evening.store.environments.replace([])
        cause = CannotStart("endpoints-refused", why)
        evening.store.set_connection(LineStatus(Line.FAILED, NOW, NOW, cause))
        await me.sees("The environments could not be shown")
        shown = [it.text() for it in next(visible(Starting)).findChildren(QLabel)]
        assert sum(text.count(why) for text in shown) == 1


DAMAGED = Refused(Problem(type="x", title="No", status=500, code=Code.STORAGE_DAMAGED))


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (CannotStart("storage-damaged"), "Put back a copy of the data folder, or start afresh."),
        (DAMAGED, "Quit, move the data folder away and start again."),
    ],
)
async def test_a_data_folder_that_is_to_be_moved_is_named_wherever_that_is_said(
    qloop: object, me: Person, opened: Opened, tmp_path: Path, cause: Exception, said: str
) -> None:
    folder = f"Data folder: {tmp_path / 'autosky-desktop'}"
    async with an_evening() as evening:
        evening.store.set_connection(LineStatus(Line.FAILED, NOW, NOW, cause))
        await me.sees(f"{said} {folder}")
        looking.settle()
        assert not list(looking.covered(looking.shown_in(evening.desktop.window)))
        evening.store.environments.replace([])
        evening.store.tell()
        await me.sees("The environments could not be shown")
        await me.sees(folder)


def test_lost_settings_are_told_by_their_names_until_that_is_dismissed(
    qapp: object, tmp_path: Path
) -> None:
    preferences = Preferences(tmp_path)
    preferences.trouble = UnreadSettings(("theme", "mood"), "/home/ana/settings.damaged")
    shown = LostSettings(preferences)
    [banner] = shown.findChildren(Banner)
    assert not banner.isHidden()
    assert banner._lead.text() == (
        "Some settings could not be read and were reset to their defaults: light or dark, "
        "settings of another version."
    )
    assert banner._text.text() == "The original file was kept as /home/ana/settings.damaged"
    banner.button.click()
    assert banner.isHidden()
    preferences.trouble = None
    nothing = LostSettings(preferences)
    [none] = nothing.findChildren(Banner)
    assert none.isHidden()
    preferences.trouble = UnreadSettings((), "")
    everything = LostSettings(preferences)
    [whole] = everything.findChildren(Banner)
    assert whole._lead.text().startswith("Your settings could not be read")


DAMAGED = [
    (
        "reminders.json",
        lambda it: KeptReminders(lambda: it.plane_folder, it.lose).load(),
        "Your notifications could not be read. Reminders may come a second time.",
    ),
    (
        "credentials.json",
        lambda it: Credentials(FakeKeychain(), it.plane_folder, lost=it.lose).entries,
        "The list of remembered passwords could not be read. You will be asked for them again.",
    ),
    (
        "owed-connections.json",
        lambda it: OwedConnections(it.plane_folder, it.lose).load(),
        "The connections that were still to be recorded could not be read. Activity lacks them.",
    ),
]


@pytest.mark.parametrize(("name", "read", "said"), DAMAGED)
async def test_a_damaged_file_is_told_once_and_its_copy_is_kept(
    qloop: object,
    me: Person,
    tmp_path: Path,
    name: str,
    read: Callable[[Preferences], object],
    said: str,
) -> None:
    async with an_evening() as evening:
        preferences = evening.preferences
        file = preferences.plane_folder / name
        file.write_text('{"cut of')
        read(preferences)
        read(preferences)
        await me.sees(said)
        aside = file.with_suffix(".damaged")
        await me.sees(f"The original file was kept as {aside}")
        assert aside.read_text() == '{"cut of'
        await me.presses("Dismiss")
        read(preferences)
        await me.no_longer_sees(said)


def test_what_was_lost_is_told_one_after_another(qapp: object, tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    shown = LostSettings(preferences)
    [banner] = shown.findChildren(Banner)
    preferences.lose("reminders.json", "/a")
    preferences.lose("credentials.json", "")
    preferences.lose("credentials.json", "")
    assert len(preferences.lost) == 2, "it is read with every question, and told once"
    assert banner._lead.text().startswith("Your notifications")
    banner.button.click()
    assert not banner.isHidden()
    assert banner._lead.text().startswith("The list of remembered passwords")
    assert banner._text.text() == "", "it is still in its place"
    banner.button.click()
    assert banner.isHidden()


def test_every_setting_has_a_name_for_people() -> None:
    assert set(WORDS) == {field.name for field in msgspec.structs.fields(Settings)}


APPLICATION = """
from pathlib import Path
from autosky_desktop.ui.application import Application
from autosky_desktop.ui.widgets.open_log import data_folder
application = Application(["test", "-platform", "offscreen"], Path("given"))
assert data_folder() == Path("given")
"""


def test_the_folder_that_was_given_is_the_one_that_is_told() -> None:
    subprocess.run([sys.executable, "-c", APPLICATION], check=True)
