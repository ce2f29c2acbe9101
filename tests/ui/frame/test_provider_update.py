"""Force provider update: asked for once, followed, told, and held back while a form has edits."""

from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import QLineEdit

from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.operation import Differences, Operation
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.frame.provider_update import ProviderUpdate
from autosky_desktop.words.provider_update import changed
from tests.support.evening import ERP, NOW, Evening, a_publication, an_evening, an_update
from tests.support.person import Person, visible
from tests.ui.publish.form.test_forms import page, set_time
from tests.ui.publish.run.test_runs import a_scheduled


def hears(evening: Evening, operation: Operation) -> None:
    evening.store.details(ERP).operations.put(operation)


def ended(**more: object) -> Operation:
    return an_update(**{"state": "succeeded", "ended_at": NOW, **more})


async def test_it_says_what_had_changed(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.presses("Force provider update")
        await me.sees("Asking the provider…")
        assert not me.offers("Force provider update")
        hears(evening, an_update())
        await me.sees("Asking the provider… 3 s")
        hears(evening, ended(differences=Differences(statuses=2, addresses=1)))
        await me.sees("2 statuses, 1 address")
        assert me.offers("Force provider update")
        assert evening.plane.asked == [f"update {ERP}"]


async def test_the_outcome_gives_way_to_the_state_of_the_line(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.presses("Force provider update")
        await me.until(lambda: evening.plane.asked, "a request")
        hears(evening, ended())
        await me.sees("Nothing has changed")
        [update] = list(visible(ProviderUpdate))
        assert update._result_timer.isActive()
        update._result_timer.start(0)  # it has been told for long enough
        await me.no_longer_sees("Nothing has changed")
        await me.sees("Connection: Live")


async def test_pressed_twice_it_is_one_update(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        for _ in range(2):
            me.key(Qt.Key.Key_F5)
        await me.until(lambda: evening.plane.asked, "a request")
        hears(evening, an_update())
        me.key(Qt.Key.Key_F5)
        await me.sees("Asking the provider… 3 s")
        assert evening.plane.asked == [f"update {ERP}"]


async def test_an_end_that_is_heard_before_the_answer_is_told(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        hears(evening, ended(differences=Differences(gone=1)))
        await me.presses("Force provider update")
        await me.sees("1 gone")


async def test_the_focus_comes_back_to_the_button(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        button = evening.desktop._update.button
        await me.until(button.isVisible, "the button")
        button.setFocus()
        me.key(Qt.Key.Key_Space)
        await me.until(lambda: not button.isEnabled(), "a grey button")
        assert not button.hasFocus()
        hears(evening, an_update())
        hears(evening, ended())
        await me.until(button.hasFocus, "the focus on it")


async def test_what_somebody_else_asked_for_is_seen_too(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        hears(evening, an_update(by="ops-admin"))
        await me.sees("Asking the provider… 3 s")
        assert not me.offers("Force provider update")
        hears(evening, ended(by="ops-admin"))
        await me.sees("Connection: Live")
        assert me.offers("Force provider update")


async def test_a_failure_is_told_in_a_sentence(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.update_error = Offline()
        await me.presses("Force provider update")
        await me.sees("The control plane does not answer.")
        evening.plane.update_error = None
        await me.presses("Force provider update")
        hears(evening, an_update())
        hears(evening, ended(state="failed", reason="provider-busy", detail="throttled"))
        await me.sees("The provider does not answer now.")


async def test_while_the_form_holds_something_it_is_held_back(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        await me.types("Note on this version", "Tax tables")
        await me.presses("Force provider update")
        await me.sees("Not updated, so that nothing changes while you edit Publish.")
        assert evening.plane.asked == []
        await me.presses("Discard edits and update")
        await me.until(lambda: evening.plane.asked == [f"update {ERP}"], "a request")
        notes = [it.text() for it in visible(QLineEdit) if "Note" in it.accessibleName()]
        assert notes == [""]


async def test_a_form_that_nobody_has_changed_holds_nothing_back(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        planned, earlier = a_scheduled(), a_publication(version=40, id="earlier")
        evening.show(publications=[planned, earlier])
        await me.opens_tab("Publish")
        page(evening).records.publish_again(earlier)
        await me.sees("You are publishing version 40 again")
        await me.presses("Force provider update")
        await me.until(lambda: evening.plane.asked == [f"update {ERP}"], "a request")
        hears(evening, an_update())
        hears(evening, ended())
        await me.sees("You are publishing version 40 again")

        page(evening).records.edit_asked.emit(planned)
        await me.sees("Change the scheduled publication")
        assert not page(evening).has_edits()
        set_time(QDate(2026, 11, 28), QTime(22, 0))
        assert page(evening).has_edits()
        await me.presses("Force provider update")
        await me.sees("Not updated, so that nothing changes while you edit Publish.")


async def test_offline_it_is_grey_and_says_why(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Not connected since")
        assert not me.offers("Force provider update")
        me.key(Qt.Key.Key_F5)
        assert evening.plane.asked == []


async def test_it_follows_the_environment_that_is_open(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        hears(evening, an_update())
        await me.sees("Asking the provider… 3 s")
        evening.desktop.window.open("payroll")
        await me.sees("Connection: Live")
        await me.presses("Force provider update")
        await me.until(lambda: evening.plane.asked == ["update payroll"], "a request")
        evening.store.environments.replace([])
        assert not me.offers("Force provider update")


async def test_in_a_narrow_window_nothing_is_clipped(qloop: object, me: Person) -> None:
    async with an_evening(1024, 640) as evening:
        header = evening.desktop.window.header
        button = await me.until(lambda: evening.desktop._update.button, "the button")
        assert button.width() >= button.sizeHint().width()
        assert button.mapTo(header, button.rect().topRight()).x() < header.width()


def test_every_difference_has_its_words() -> None:
    every = Differences(statuses=1, addresses=2, versions=1, sessions=3, appeared=1, gone=2)
    assert changed(every) == (
        "1 status, 2 addresses, 1 version, sessions of 3 instances, 1 new, 2 gone"
    )
    assert changed(Differences()) == "Nothing has changed"
