"""The forms of all models: what each asks for, what it refuses, and what is sent of it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDateEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTabBar,
)

from autosky_desktop.domain.plan import Deadline, Hold, Model, PublishRequest, Reconnection
from autosky_desktop.domain.publication import Allowance, Check
from autosky_desktop.ui.publish.page import PublishPage
from autosky_desktop.ui.question import Question
from autosky_desktop.ui.widgets.input.number import Number
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.input.time_field import TimeField
from tests.support.evening import (
    ERP,
    NOW,
    Evening,
    a_preparation_server,
    a_support_server,
    an_environment,
    an_evening,
)
from tests.support.person import Person, button_named, texts, visible

MINUTE = timedelta(minutes=1)


def page(evening: Evening) -> PublishPage:
    assert evening.desktop.window.page
    found = evening.desktop.window.page.tab("publish")
    assert isinstance(found, PublishPage)
    return found


def choose(name: str, text: str) -> None:
    [select] = [it for it in visible(Select) if it.accessibleName() == name]
    index = select.findText(text)
    assert index >= 0, [select.itemText(it) for it in range(select.count())]
    select.setCurrentIndex(index)


def write(text: str) -> None:
    [message] = list(visible(QPlainTextEdit))
    assert message.accessibleName() == "Message to users"
    message.selectAll()
    QTest.keyClicks(message, text)


def line_named(name: str) -> QLineEdit:
    field, *_ = [it for it in visible(QLineEdit) if it.accessibleName() == name]
    return field


def emails() -> QLineEdit:
    return line_named("Email when it ends")


def set_time(day: QDate, clock: QTime) -> None:
    """In the question that is open, else in the form."""
    date, *_ = [it for it in visible(QDateEdit) if it.accessibleName() == "Date"]
    time, *_ = [it for it in visible(TimeField) if it.accessibleName() == "Time"]
    date.setDate(day)
    time.show_clock(clock.toPython())


async def open_form(me: Person, name: str) -> None:
    await me.opens_tab("Publish")
    await me.opens_tab(name)


async def agree(me: Person, button: str, question: str, confirm: str) -> None:
    await me.presses(button)
    await me.sees(question)
    await me.presses(confirm)
    await me.no_longer_sees(question)


async def test_a_form_is_made_when_its_tab_is_first_opened(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await open_form(me, "Optimized")
        await me.sees("Passed: Preparation server is running")
        assert len(page(evening).forms._made) == 1
        await me.opens_tab("Standard")
        await me.opens_tab("Optimized")
        assert len(page(evening).forms._made) == 2


async def test_standard_is_published_under_the_name_that_was_typed(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await open_form(me, "Standard")
        await me.types("Publisher", "")
        await me.sees("Enter who is publishing.")
        assert not me.offers("Publish version 42")
        assert line_named("Publisher").property("invalid")
        await me.types("Publisher", "release team")
        await me.no_longer_sees("Enter who is publishing.")
        assert not line_named("Publisher").property("invalid")
        await me.types("Note on this version", "Labels")
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        [request] = evening.plane.requests
        assert (request.plan.model, request.publisher) == (Model.STANDARD, "release team")
        assert (request.note, request.expected_version) == ("Labels", 42)
        await me.until(lambda: not page(evening).has_edits(), "a form as it was at first")


async def test_an_address_that_is_none_is_named_on_leaving_it(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await open_form(me, "Optimized")
        await me.types("Email when it ends", "ana@example.com, ops@")
        me.key(Qt.Key.Key_Tab)
        await me.sees("No email can be sent to 'ops@'.")
        reason = page(evening).forms.shown.button.accessibleDescription()
        assert reason == "No email can be sent to 'ops@'."
        looked_at = page(evening).forms.shown.preview_request()
        assert looked_at
        assert looked_at.plan.emails == ()  # what it touches is shown meanwhile
        assert not me.offers("Publish version 42")
        await me.types("Email when it ends", "ana@example.com, ops@example.com")
        await me.until(lambda: me.offers("Publish version 42"), "the button")
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        assert evening.plane.requests[0].plan.emails == ("ana@example.com", "ops@example.com")


async def test_a_hold_goes_on_by_itself_after_some_minutes_that_are_offered(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await open_form(me, "Optimized")
        await me.presses("More options")
        choose("Replace instances", "Some instances, then wait")
        [wait] = [it for it in visible(Select) if it.accessibleName() == "Wait"]
        assert [wait.itemData(it) for it in range(wait.count())] == [None, 5, 10, 30, 60]


async def test_a_note_is_no_longer_than_the_control_plane_takes(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await open_form(me, "Optimized")
        await me.types("Note on this version", "x" * 159)
        assert not [text for text in texts() if text.endswith(" left")]
        await me.types("Note on this version", "x" * 160)
        await me.sees("40 left")
        await me.types("Note on this version", "x" * 201)
        await me.sees("0 left")
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        [request] = evening.plane.requests
        assert request.note == "x" * 200
    longest = b'{"expectedVersion":42,"note":"%s"}'
    msgspec.json.decode(longest % (b"x" * 200), type=PublishRequest)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(longest % (b"x" * 201), type=PublishRequest)


async def test_a_hold_waits_after_the_first_instance_for_ten_minutes(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await open_form(me, "Optimized")
        await me.presses("More options")
        choose("Replace instances", "Some instances, then wait")
        choose("Wait", "10 minutes, then go on")
        await me.presses("Stop at the first failure")
        await me.sees("Hold: After 1 instance, for 10 min")
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        [request] = evening.plane.requests
        assert request.plan.hold == Hold(first=1, bake_seconds=600)
        assert not request.plan.stop_at_first_failure


async def test_users_are_asked_to_reconnect_with_a_message_of_ones_own(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        month = datetime(2026, 12, 1, tzinfo=UTC)
        evening.plane.shown = msgspec.structs.replace(
            evening.plane.shown, allowance=Allowance(limit=4, used=2, resets_at=month)
        )
        await open_form(me, "Request user reconnection")
        await me.sees("Reconnections: 2 of 4 left this month")
        [bar] = [it for it in visible(QProgressBar) if it.accessibleName().startswith("Reconnec")]
        assert (bar.minimum(), bar.value(), bar.maximum()) == (0, 2, 4)
        await me.sees("Resets on 1 December")
        await me.sees("Uses 1 of the 2 left.")
        await me.sees("What users will see: A critical update is ready.")
        write("Save now, {minuts} left. {version} at {time}")
        await me.sees("44 of 300 characters")
        await me.sees("{minuts} is not known.")
        await me.sees("No preview. {minuts} is not known.")
        await me.no_longer_sees("A critical update is ready.")
        [message] = list(visible(QPlainTextEdit))
        message.clear()
        await me.sees("No preview. Write what users should do.")
        write("Save now: {version} comes at {time}, in {minutes} min")
        await me.sees("What users will see: Save now: 42 comes at 18:43, in 10 min")
        await me.opens_tab("Last minute")
        await me.sees("What users will see: Save now: 42 comes at 18:43, in 1 min")
        await agree(
            me,
            "Publish and ask 37 users to reconnect",
            "37 users are asked to reconnect",
            "Publish and ask 37 users",
        )
        [request] = evening.plane.requests
        assert request.plan.reconnection == Reconnection(
            minutes=10,
            again_minutes=2,
            message="Save now: {version} comes at {time}, in {minutes} min",
        )


async def test_minutes_out_of_range_become_the_nearest_limit_which_is_said(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await open_form(me, "Request user reconnection")
        [minutes] = list(visible(Number))
        minutes.lineEdit().selectAll()
        QTest.keyClicks(minutes.lineEdit(), "75")
        QTest.keyClick(minutes.lineEdit(), Qt.Key.Key_Return)
        await me.sees("At most 60 minutes.")
        assert minutes.value() == 60
        minutes.setValue(2)
        choose("Warn again", "Every minute")
        [again] = [it for it in visible(Select) if it.accessibleName() == "Warn again"]
        assert [again.itemText(it) for it in range(again.count())] == ["Never", "Every minute"]


@pytest.mark.parametrize("form", ["Request user reconnection", "Keep users connected"])
async def test_a_template_replaces_what_was_typed_only_when_one_says_so(
    qloop: object, me: Person, form: str
) -> None:
    async with an_evening():
        await open_form(me, form)
        if form == "Keep users connected":
            await me.presses("Ask those left to reconnect at a set time")
        await me.sees("Passed: Preparation server is running")
        write("Mine")
        await me.presses("Message template")
        await me.chooses("Maintenance")
        await me.presses("Keep mine")
        await me.no_longer_sees("Replace your message?")
        [message] = list(visible(QPlainTextEdit))
        assert message.toPlainText() == "Mine"
        await me.presses("Message template")
        await me.chooses("Maintenance")
        await me.presses("Replace")
        await me.sees("Template: maintenance", "Message template")
        found = button_named("Message template")
        assert found
        assert not found.icon().isNull(), "nothing says that it opens a menu"
        assert message.toPlainText().startswith("Maintenance begins at {time}.")


async def test_keep_users_connected_has_a_deadline_when_one_is_set(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await open_form(me, "Keep users connected")
        await me.presses("Ask those left to reconnect at a set time")
        set_time(QDate(2026, 11, 24), QTime(18, 0))
        await me.sees("18:00 has passed. Choose a later time.")
        assert not me.offers("Publish version 42")
        set_time(QDate(2026, 11, 24), QTime(21, 0))
        await me.sees("stay; whoever is left today 21:00 is asked to reconnect and")
        await me.sees("Nobody is disconnected before today 21:00. Whoever is still on")
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        deadline = evening.plane.requests[0].plan.deadline
        assert isinstance(deadline, Deadline)
        assert deadline.at == datetime(2026, 11, 24, 21, 0, tzinfo=UTC)


async def test_a_shutdown_in_the_way_is_moved_behind_the_publication(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        falls = Check(code="shutdown-in-run", level="warn", at=NOW + 27 * MINUTE)
        evening.plane.shown = msgspec.structs.replace(
            evening.plane.shown,
            checks=[falls],
            expected_seconds=1020.0,
            expected_high_seconds=1200.0,
        )
        await open_form(me, "Optimized")
        await me.presses("Extend to 19:15")
        await me.until(
            lambda: "extend prep from 19:00 to 19:15" in evening.plane.asked, "the extension"
        )


async def test_a_non_scaling_environment_has_one_sentence_instead(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(kind="classic"))
        await me.opens_tab("Publish")
        await me.sees("Only scaling environments publish versions.")
        assert not [bar for bar in visible(QTabBar) if bar.tabText(0) == "Optimized"]


async def test_the_question_follows_the_facts_and_gives_time_to_read_them(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await open_form(me, "Optimized")
        await me.presses("Publish version 42")
        await me.sees("37 sessions</b> stay until users sign out")
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, sessions_stay=41)
        [server] = [a_support_server(status="stopped")]
        evening.store.details(ERP).servers.replace([a_preparation_server(), server])
        await me.sees("Consequence: Now: 41 sessions stay until users sign out.")
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        assert not question.acting.isEnabled()
        await me.until(question.acting.isEnabled, "the button again")


async def test_addresses_come_as_people_paste_them_and_each_counts_once(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await open_form(me, "Optimized")
        emails().setText("ana@erp.example; rui@bücher.example\tAna@ERP.example")
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        [request] = evening.plane.requests
        assert request.plan.emails == ("ana@erp.example", "rui@bücher.example")


async def test_an_address_that_is_none_marks_its_field_until_it_is_mended(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await open_form(me, "Optimized")
        field = emails()
        field.setFocus()
        field.setText("jürgen@bücher.example")
        QTest.keyClick(field, Qt.Key.Key_Tab)
        await me.sees("No email can be sent to 'jürgen@bücher.example'.")
        assert field.property("invalid")
        field.setText("jurgen@bücher.example")
        await me.until(lambda: not field.property("invalid"), "a field that is right again")


async def test_where_no_mail_server_is_set_the_form_says_so_and_leads_there(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, sends_mail=False)
        await open_form(me, "Optimized")
        await me.sees("No mail server is set.")
        assert not [it for it in visible(QLineEdit) if it.accessibleName() == "Email when it ends"]
        await me.presses("Set a mail server")
        await me.sees("Send an email to yourself")
        await me.presses("Close")
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, sends_mail=True)
        evening.store.tell()
        await me.no_longer_sees("No mail server is set.")
        await me.types("Email when it ends", "ana@erp.example")


async def test_what_blocking_means_stands_in_one_line(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.desktop.window.resize(1280, 820)
        await open_form(me, "Optimized")
        said = "Nobody new can sign in until a new instance is up. Users signed in keep working."
        await me.sees(said)
        line = next(it for it in visible(QLabel) if it.text() == said)
        assert line.heightForWidth(line.width()) < 2 * line.fontMetrics().height()
