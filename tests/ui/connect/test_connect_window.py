"""One window asks as whom, starts what is stopped, shows whom it trusts, and forgets."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from autosky_desktop.actions.connect import connecting
from autosky_desktop.domain.connecting import TrustVerdict
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Presence
from autosky_desktop.domain.secrets import Scope, Subject
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.ui.connect.dialog import ConnectDialog
from autosky_desktop.ui.widgets.input.password_field import PasswordField
from tests.support.connect_window import FILE, STOPPED, connectable
from tests.support.connecting import GATEWAY, an_endpoint
from tests.support.evening import ERP, a_preparation_server, ago
from tests.support.keys import focus
from tests.support.person import Person, said, texts, visible
from tests.support.walk import palette


def window() -> ConnectDialog:
    found = QApplication.activeModalWidget()
    assert isinstance(found, ConnectDialog)
    return found


def password() -> QLineEdit:
    return next(it for it in visible(QLineEdit) if it.accessibleName() == "Password")


async def test_enter_connects_as_whom_the_endpoint_names(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await it.asks()
        assert window().accessibleName() == "Connect to FILE-ERP-PROD-01"
        await me.types("Password", "marker")
        me.key(Qt.Key.Key_Return)
        await me.until(lambda: it.access.there and it.access.there.passwords == ["marker"], "it")
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        assert it.heard == ["begun file-erp-prod-01 as ERPPROD\\svc-maintenance"]
        settings = it.evening.desktop._preferences.settings
        assert settings.last_accounts == {FILE.id: "ERPPROD\\svc-maintenance"}
        assert settings.recent_connections[0].name == FILE.name
        assert len(it.evening.desktop.connections.sessions(FILE.id)) == 1


async def test_an_enter_too_many_is_no_cancel(qloop: object, me: Person) -> None:
    async with connectable() as it:
        it.access.up.clear()
        await it.asks()
        await me.types("Password", "marker")
        me.key(Qt.Key.Key_Return)
        await me.sees("Wait until it answers, Running")
        me.key(Qt.Key.Key_Return)
        it.access.up.set()
        await me.until(lambda: it.evening.desktop.connections.sessions(), "a session")


async def test_escape_forgets_what_was_typed(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await it.asks()
        await me.types("Password", "marker")
        field = password()
        me.key(Qt.Key.Key_Escape)
        assert field.text() == ""
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        assert not it.heard


async def test_what_is_missing_is_said_where_it_is_typed(qloop: object, me: Person) -> None:
    async with connectable() as it:
        it.endpoint = an_endpoint(FILE.id, account="")
        await it.asks()
        await me.presses("Connect")
        await me.sees("Enter a user name.")
        await me.types("Password", "marker")
        await me.sees("Enter a user name.")
        await me.types("Password", "")
        await me.types("User", "ana")
        await me.no_longer_sees("Enter a user name.")
        await me.presses("Connect")
        await me.sees("Enter the password.")
        await me.types("Password", "m")
        await me.no_longer_sees("Enter the password.")


async def test_a_password_is_shown_only_while_it_is_wanted(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await it.asks()
        await me.types("Password", "marker")
        await me.presses("Show password")
        assert password().echoMode() is QLineEdit.EchoMode.Normal
        await me.presses("Show password")
        assert password().echoMode() is QLineEdit.EchoMode.Password


async def test_on_the_button_that_shows_it_letters_go_nowhere_and_enter_connects(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        await it.asks()
        await me.types("Password", "marker")
        password().setFocus()
        me.key(Qt.Key.Key_Tab)
        assert said(focus()) == "Show password"
        me.key(Qt.Key.Key_X)
        assert password().text() == "marker"
        me.key(Qt.Key.Key_Space)
        assert password().echoMode() is QLineEdit.EchoMode.Normal
        me.key(Qt.Key.Key_Space)
        assert password().echoMode() is QLineEdit.EchoMode.Password
        field = password()
        me.key(Qt.Key.Key_Return)
        assert field.echoMode() is QLineEdit.EchoMode.Password
        await me.until(lambda: it.access.there and it.access.there.passwords == ["marker"], "it")


@pytest.mark.parametrize(
    ("copied", "password"), [("pw\r\n", "pw"), ("pw\n", "pw"), (" p w ", " p w "), ("a\nb", "a\nb")]
)
async def test_a_password_is_pasted_without_the_end_of_its_line(
    qloop: object, copied: str, password: str
) -> None:
    QGuiApplication.clipboard().setText(copied)
    field = PasswordField()
    field.paste()
    with field.secret() as secret:
        assert secret.reveal().decode() == password


async def test_a_password_is_hidden_again_when_the_window_loses_the_focus(
    qloop: object, me: Person
) -> None:
    window, other = QWidget(), QWidget()
    field = PasswordField(window)
    window.show()
    window.activateWindow()
    await me.until(window.isActiveWindow, "the focus in the window")
    await me.presses("Show password")
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    other.show()
    other.activateWindow()
    await me.until(lambda: field.echoMode() is QLineEdit.EchoMode.Password, "the password hidden")
    for it in (window, other):
        it.close()


async def test_a_stopped_server_is_started_and_connected_to(qloop: object, me: Person) -> None:
    async with connectable(STOPPED) as it:
        await it.asks(STOPPED)
        await me.sees("This server is stopped. It is started first, then the connection opens")
        await it.connects(button="Start and connect")
        await me.until(lambda: it.heard == ["start file-erp-prod-01"], "the start")
        await me.sees("If you stop waiting, the server keeps starting.")
        it.becomes(status="starting")
        await me.sees("Server is starting, Running, 0:00 so far, usually 1:30")
        it.becomes(status="running")
        await me.until(lambda: it.access.there and it.access.there.passwords == ["marker"], "it")


async def test_a_server_that_has_started_is_not_called_stopped(qloop: object, me: Person) -> None:
    async with connectable(STOPPED) as it:
        await it.asks(STOPPED)
        await me.sees("This server is stopped.")
        it.becomes(status="running")
        await me.no_longer_sees("This server is stopped.")
        assert me.offers("Connect")


async def test_stop_waiting_leaves_the_server_starting(qloop: object, me: Person) -> None:
    async with connectable(STOPPED) as it:
        await it.asks(STOPPED)
        await it.connects(button="Start and connect")
        await me.presses("Stop waiting")
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        it.becomes(status="running")
        assert it.heard == ["start file-erp-prod-01"]
        assert it.access.there
        assert not it.access.there.targets


async def test_who_closes_the_window_is_told_when_it_answers(qloop: object, me: Person) -> None:
    async with connectable(STOPPED) as it:
        await it.asks(STOPPED)
        await it.connects(button="Start and connect")
        await me.until(lambda: it.heard == ["start file-erp-prod-01"], "the start")
        window().close()
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        it.becomes(status="running")
        await me.until(lambda: it.said, "the notification")
        assert it.said == [
            "FILE-ERP-PROD-01 answers Connect to it as ERPPROD\\svc-maintenance."
        ]  # fmt: skip
        assert it.access.there
        assert not it.access.there.targets  # the password was forgotten with the window
        it.clicks[0]()
        await me.sees("Connect to FILE-ERP-PROD-01")


async def test_a_refused_password_is_asked_for_again(qloop: object, me: Person) -> None:
    async with connectable() as it:
        assert it.access.there
        it.access.there.fails_with = ConnectionOutcome.WRONG_PASSWORD
        kept = await it.credentials.remember(
            "ERPPROD\\svc-maintenance", Scope.SERVER, Subject(FILE.id, FILE.name), Secret("old")
        )
        await it.asks()
        await me.sees("Kept for this server.")
        await me.presses("Connect")
        await me.sees("The server refused this user or password.")
        assert it.access.there.passwords == ["old"]
        assert kept.id not in {entry.id for entry in it.credentials.entries}
        it.access.there.fails_with = None
        await it.connects("new")
        await me.until(lambda: it.access.there and it.access.there.passwords[1:] == ["new"], "it")


async def test_who_else_is_there_is_said_first(qloop: object, me: Person) -> None:
    async with connectable() as it:
        there = [Presence(account="ERPPROD\\l.moraes", since=ago(4800))]
        it.endpoint = an_endpoint("prep", present=there, gateway=GATEWAY)
        await it.asks(a_preparation_server())
        await me.sees("Signed in there now: ERPPROD\\l.moraes since today")
        await me.sees("Gateway address rdgw.erp.example")


@pytest.mark.parametrize(
    ("simulated", "said"),
    [(True, "because FILE-ERP-PROD-01 is simulated"), (False, "could not be reached at 10.20")],
)
async def test_a_server_that_does_not_answer_says_so(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch, simulated: bool, said: str
) -> None:
    monkeypatch.setattr(connecting, "PATIENCE", 0.05)
    async with connectable() as it:
        it.endpoint = an_endpoint(FILE.id, simulated=simulated)
        it.access.up.clear()
        await it.asks()
        await it.connects()
        await me.sees(said)
        assert me.offers("Try again") is not simulated
        await me.presses("Change")
        assert password().text() == "marker"


async def test_an_error_nobody_foresaw_ends_the_wait_with_a_sentence(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise UnicodeEncodeError("utf-8", "\udce4", 0, 1, "surrogates not allowed")

    async with connectable() as it:
        monkeypatch.setattr(it.access.there, "open", fails)
        await it.asks()
        await it.connects()
        await me.sees("The connection was not opened. Something unexpected went wrong.")
        await me.until(lambda: it.heard[-1:] == ["ended client-failed"], "the end in the record")
        assert me.offers("Try again")
        await me.presses("Close")


async def test_what_went_wrong_is_not_said_any_more_while_it_is_tried_again(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        assert it.access.there
        it.access.there.fails_with = ConnectionOutcome.CLIENT_FAILED
        await it.asks()
        await it.connects()
        await me.sees("The Remote Desktop client on this computer failed (code 1).")
        it.access.there.fails_with = None
        it.access.up.clear()
        await me.presses("Try again")
        await me.sees("Wait until it answers, Running")
        assert not [text for text in texts() if "client on this computer failed" in text]
        it.access.up.set()
        await me.until(lambda: it.evening.desktop.connections.sessions(), "a session")


async def test_without_a_client_it_says_what_to_install(qloop: object, me: Person) -> None:
    async with connectable() as it:
        it.access.there = None
        await it.asks()
        await it.connects()
        await me.sees("No Remote Desktop client is installed. Install one: “sudo apt install")
        await me.presses("Close")


async def test_a_session_that_is_lost_is_told(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await it.asks()
        await it.connects()
        await me.until(lambda: it.evening.desktop.connections.sessions(), "a session")
        assert it.access.there
        it.access.there.sessions[0].ends(ConnectionOutcome.LOST)
        await me.until(lambda: it.said, "the notification")
        assert it.said[0].startswith("The connection to FILE-ERP-PROD-01 has ended")
        assert it.heard[-1] == "ended lost"


async def test_a_session_is_left_when_the_program_ends(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await it.asks()
        await it.connects()
        await me.until(lambda: it.evening.desktop.connections.sessions(), "a session")
        await it.evening.desktop.connections.close()
        assert it.heard[-1] == "ended left"
        assert it.access.there
        assert it.access.there.sessions[0].left


async def test_a_row_is_connected_to_by_menu_double_click_and_key(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        await me.clicks_cell("Actions for FILE-ERP-PROD-01")
        await me.chooses("Connect as…")
        await me.sees("Connect to FILE-ERP-PROD-01")
        me.key(Qt.Key.Key_Escape)
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        await me.presses("Actions for PREP-ERP-PROD-01")
        await me.chooses("Connect as…")
        await me.sees("Connect to PREP-ERP-PROD-01")
        me.key(Qt.Key.Key_Escape)
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        page = it.evening.desktop.window.page
        assert page
        table = page.tab("servers").support.table  # type: ignore[attr-defined]
        table.doubleClicked.emit(table.model().index(0, 0))
        await me.sees("Connect to FILE-ERP-PROD-01")


async def test_an_open_session_is_listed_and_closed_from_its_menu(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        await it.asks()
        await it.connects()
        await me.until(lambda: it.evening.desktop.connections.sessions(), "a session")
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        line = "Close connection as ERPPROD\\svc-maintenance, open since 18:33"
        places = [entry.where for entry in await palette(me) if entry.text == line]
        assert "ERP Production" in places
        await me.clicks_cell("Actions for FILE-ERP-PROD-01")
        await me.chooses(line)
        assert it.access.there
        await me.until(lambda: it.heard[-1] == "ended cancelled", "the end of it")
        assert not it.evening.desktop.connections.sessions()


async def test_a_server_of_which_nothing_is_known_can_be_asked_again(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        plane, answer = it.evening.plane, it.evening.plane.endpoint  # type: ignore[attr-defined]
        del plane.endpoint  # type: ignore[attr-defined]
        store = it.evening.store
        assert replace(FILE).id in {known.id for known in store.details(ERP).servers}

        async def offline(_server: str) -> None:
            from autosky_desktop.domain.errors import Offline

            raise Offline("gone")

        plane.endpoint = offline  # type: ignore[attr-defined]
        it.evening.desktop.connections.ask(ERP, FILE)
        await me.until(lambda: me.offers("Try again"), "Try again")
        assert not me.offers("Connect")
        plane.endpoint = answer  # type: ignore[attr-defined]
        await me.presses("Try again")
        await me.sees("Private address 10.20.0.31")


async def test_a_hostile_name_hides_nothing_of_what_is_asked(qloop: object, me: Person) -> None:
    """Neither by its length, nor by turning what stands after it."""
    name = "\u202eFILE\n01-" + "W" * 190
    server = replace(FILE, name=name)
    async with connectable(server) as it:
        it.access.verdict = TrustVerdict.NEW
        it.endpoint = an_endpoint(
            FILE.id, account="\u202eana\n", present=[Presence(account="x" * 150, since=ago(1))]
        )
        await it.asks(server)
        assert window().form.account() == "ana"
        assert window().form.minimumSizeHint().width() <= window().form.width() <= window().width()
        await it.connects()
        await me.sees("Trust and connect")
        question = next(it for it in visible(QLabel) if "has not connected" in it.text())
        assert question.minimumSizeHint().width() <= question.width() <= window().width()
        assert "\u202e" not in question.text()
        assert "\n" not in question.text()
        await me.presses("Cancel")
        await me.presses("Cancel")
