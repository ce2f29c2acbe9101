"""Adding and changing an environment in the window, step by step."""

import asyncio

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from autosky_desktop.domain.errors import Offline
from autosky_desktop.ui.environments.dialog import EnvironmentDialog
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.input.time_field import TimeField
from tests.support.evening import ERP, an_environment, an_evening
from tests.support.managed import FAILS, FOUND, PROVIDERS
from tests.support.person import Person, W, button_named, visible
from tests.support.screens.environments import write

LIBVIRT = "libvirt (KVM on your own servers)"


def dialog() -> EnvironmentDialog:
    found = QApplication.activeModalWidget()
    assert isinstance(found, EnvironmentDialog)
    return found


async def field(name: str) -> QLineEdit:
    """Return that line, once it shows."""
    return await Person().until(lambda: named(QLineEdit, name), f"field {name}")


async def select(name: str) -> Select:
    return await Person().until(lambda: named(Select, name), f"choice {name}")


def named(kind: type[W], name: str) -> W | None:
    return next((it for it in visible(kind) if it.accessibleName() == name), None)


async def finds(me: Person) -> None:
    await me.presses("Add environment")
    await me.presses(LIBVIRT)
    await me.presses("Look")
    await me.sees("4 machines were found.")


async def fills(me: Person, name: str = "CRM Production") -> None:
    await finds(me)
    await me.presses("Next")
    await me.types("Name", name)


async def test_it_is_found_named_checked_and_added(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await fills(me)
        await me.presses("Stop the preparation server every day")
        await me.presses("Check")
        await me.sees("Everything that was tried works.")
        assert evening.plane.managed.saved == []
        await me.presses("Add environment")
        await me.until(lambda: evening.plane.managed.saved, "the environment")
        [saved] = evening.plane.managed.saved
        assert (saved.id, saved.name, saved.provider) == ("", "CRM Production", "libvirt")
        assert saved.daily_stop == "19:00"
        assert saved.monthly_reconnections is None
        assert saved.values == {"preparation": "m-prep", "support": ["m-db"], "pool": "g"}
        await me.until(lambda: QApplication.activeModalWidget() is None, "a closed dialog")
        evening.store.environments.put(an_environment("crm", "CRM Production"))
        await me.until(lambda: evening.desktop.window.environment == "crm", "it opened")


async def test_a_provider_that_cannot_be_used_is_there_with_its_reason(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await me.presses("Add environment")
        await me.sees("boto3 is not installed. Install autosky-desktop[aws].")
        assert button_named("Amazon Web Services") is None
        assert me.offers(LIBVIRT)


async def test_looking_asks_with_what_was_typed(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.presses("Add environment")
        await me.presses(LIBVIRT)
        write("Connection URI", "qemu+ssh://host/system")
        await me.presses("Look")
        await me.sees("4 machines were found.")
        asked = evening.plane.managed.asked[-1]
        assert asked.startswith("find libvirt {'uri': 'qemu+ssh://host/system'")


async def test_the_list_of_providers_is_asked_for_again(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.managed.error = Offline("gone")
        await me.presses("Add environment")
        await me.sees("The control plane does not answer.")
        assert not dialog().acting.isEnabled()
        evening.plane.managed.error = None
        await me.presses("Try again")
        await me.sees("Where are its machines?")


async def test_a_look_that_failed_can_be_tried_again_and_costs_nothing(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.presses("Add environment")
        await me.presses(LIBVIRT)
        write("SSH port", "2222")
        evening.plane.managed.error = Offline("gone")
        await me.presses("Look")
        await me.sees("The control plane does not answer.")
        evening.plane.managed.error = None
        await me.presses("Try again")
        await me.sees("4 machines were found.")
        await me.opens_tab("Where")
        assert (await field("SSH port")).text() == "2222"


async def test_other_access_is_looked_at_anew(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await finds(me)
        await me.opens_tab("Where")
        assert me.offers("Next")
        write("Connection URI", "qemu:///session")
        assert me.offers("Look")
        evening.plane.managed.there = replace(FOUND, machines=FOUND.machines[:2])
        await me.opens_tab("Machines")
        await me.sees("Nothing was looked for yet")
        await me.presses("Look")
        await me.sees("2 machines were found.")


async def test_a_closed_form_is_kept_until_it_is_begun_again(qloop: object, me: Person) -> None:
    async with an_evening():
        await fills(me, "CRM")
        await me.presses("Close")
        await me.presses("Add environment")
        await me.sees("Publish versions to instances")  # where it was left
        assert (await field("Name")).text() == "CRM"
        await me.presses("Begin again")
        await me.sees("Where are its machines?")
        await me.opens_tab("Name and times")
        assert (await field("Name")).text() == ""
        assert not me.offers("Begin again")


async def test_what_is_missing_is_said_where_it_is(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await finds(me)
        first = await select("Preparation server")
        first.setCurrentIndex(0)
        first.activated.emit(0)
        await me.opens_tab("Check")
        await me.presses("Check")
        await me.sees("Choose a machine.")
        assert dialog().focusWidget() is await select("Preparation server")
        assert (await select("Preparation server")).accessibleDescription() == "Choose a machine."
        row = first.findText("FILE-CRM-01 (Stopped · Debian 12)")
        first.setCurrentIndex(row)
        first.activated.emit(row)
        await me.no_longer_sees("Choose a machine.")
        await me.presses("Next")
        await me.presses("Check")
        await me.sees("Enter a name.")
        assert dialog().focusWidget() is await field("Name")
        await me.types("Name", "payroll")
        await me.presses("Check")
        await me.sees("Another environment has this name.")
        assert not any(it.startswith("check") for it in evening.plane.managed.asked)


async def test_a_time_that_is_none_is_said(qloop: object, me: Person) -> None:
    async with an_evening():
        await fills(me)
        await me.presses("Stop the preparation server every day")
        time = next(visible(TimeField))
        time.lineEdit().selectAll()
        me_types(time, "99")
        await me.presses("Check")
        await me.sees("Enter a time of day, such as 19:00.")


def me_types(time: TimeField, text: str) -> None:
    time.lineEdit().setText(text)
    time.lineEdit().textEdited.emit(text)


async def test_a_failed_check_names_the_remedy_and_a_change_wants_another(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.managed.lines = list(FAILS)
        await fills(me)
        await me.presses("Check")
        await me.sees("1 thing does not work yet.")
        await me.sees("Add the user autosky to the group libvirt on host.example.")
        assert me.offers("Add environment")
        await me.opens_tab("Name and times")
        await me.types("Name", "CRM")
        await me.opens_tab("Check")
        await me.sees("The check tries what can be done")
        assert me.offers("Check")
        evening.plane.managed.lines = FAILS[:1]
        await me.presses("Check")
        await me.sees("Everything that was tried works.")


async def test_while_it_is_looked_nothing_changes_and_closing_ends_it(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.presses("Add environment")
        await me.presses(LIBVIRT)
        evening.plane.managed.waits = asyncio.Event()
        await me.presses("Look")
        await me.sees("Looking…")
        assert not (await field("Connection URI")).isEnabled()
        await me.presses("Close")
        await me.until(lambda: QApplication.activeModalWidget() is None, "a closed dialog")
        evening.plane.managed.waits = None
        await me.presses("Add environment")
        await me.sees("How to get in")
        assert me.offers("Look")


async def test_while_it_is_saved_it_stays_open(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await fills(me)
        await me.presses("Check")
        await me.sees("Everything that was tried works.")
        evening.plane.managed.waits = asyncio.Event()
        await me.presses("Add environment")
        await me.sees("Adding…")
        dialog().reject()
        assert dialog().isVisible()
        evening.plane.managed.error = Offline("gone")
        evening.plane.managed.waits.set()
        await me.sees("The control plane does not answer.")
        evening.plane.managed.error = None
        await me.presses("Try again")
        await me.until(lambda: evening.plane.managed.saved, "the environment")


async def test_one_that_is_there_is_changed_and_keeps_its_id(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.desktop.management.edit(ERP)
        await me.sees("Edit ERP Production")
        await me.sees("Publish versions to instances")
        assert (await field("Name")).text() == "ERP Production"
        assert (await select("Time zone")).currentData() == "Europe/Lisbon"
        assert not me.offers("Begin again")
        await me.types("Name", "ERP")
        await me.presses("Check")
        await me.sees("Everything that was tried works.")
        await me.presses("Save")
        await me.until(lambda: evening.plane.managed.saved, "the change")
        [saved] = evening.plane.managed.saved
        assert (saved.id, saved.name, saved.daily_stop) == (ERP, "ERP", "19:00")
        assert evening.plane.managed.asked[-1] == f"change {ERP}"


async def test_a_file_is_chosen_with_the_systems_dialog(qloop: object, me: Person) -> None:
    async with an_evening():
        await me.presses("Add environment")
        await me.presses(LIBVIRT)
        await me.presses("Choose a file: SSH key")
        chooser = await me.until(lambda: next(visible(QFileDialog), None), "the files")
        chooser.fileSelected.emit("/home/ana/.ssh/key")
        chooser.reject()
        assert (await field("SSH key")).text() == "/home/ana/.ssh/key"
        await me.presses("Look")
        await me.sees("4 machines were found.")


async def test_among_many_machines_one_is_found_by_its_name(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        more = [replace(FOUND.machines[2], id=f"m{n}", name=f"CRM-{n:03}") for n in range(90)]
        evening.plane.managed.there = replace(FOUND, machines=[*FOUND.machines, *more])
        await me.presses("Add environment")
        await me.presses(LIBVIRT)
        await me.presses("Look")
        await me.sees("54 more machines are not shown.")
        assert not me.offers("CRM-089")
        await me.types("Find a machine: Support servers", "crm-089")
        await me.presses("CRM-089")
        await me.types("Find a machine: Support servers", "nowhere")
        await me.sees("No machine matches 'nowhere'.")
        await me.presses("Next")
        await me.types("Name", "CRM")
        await me.presses("Check")
        await me.presses("Add environment")
        await me.until(lambda: evening.plane.managed.saved, "the environment")
        assert evening.plane.managed.saved[0].values["support"] == ["m-db", "m89"]


async def test_a_machine_of_another_environment_cannot_be_chosen(qloop: object, me: Person) -> None:
    async with an_evening():
        await finds(me)
        await me.sees("Belongs to ERP Production already")
        assert button_named("DB-ERP-PROD-01") is None
        choice = await select("Preparation server")
        row = choice.findText("DB-ERP-PROD-01 (Belongs to ERP Production already)")
        assert row > 0
        assert not choice.model().index(row, 0).flags() & Qt.ItemFlag.ItemIsEnabled


async def test_all_of_it_is_done_by_keys(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        usable = [it for it in PROVIDERS if it.name == "libvirt"]
        evening.plane.managed.providers_there = usable
        me.key(
            Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
        await me.sees("Where are its machines?")
        await me.until(lambda: dialog().focusWidget() is not None, "a place for the keys")
        me.key(Qt.Key.Key_Space)
        await me.sees("How to get in")
        me.key(Qt.Key.Key_Return)
        await me.sees("4 machines were found.")
        me.key(Qt.Key.Key_Return)
        await me.sees("Publish versions to instances")
        name = await field("Name")
        for _ in range(60):
            if dialog().focusWidget() is name:
                break
            me.key(Qt.Key.Key_Tab)
        assert dialog().focusWidget() is name
        for letter in "CRM":
            me.key(Qt.Key(ord(letter)))
        me.key(Qt.Key.Key_Return)
        await me.sees("Everything that was tried works.")
        me.key(Qt.Key.Key_Return)
        await me.until(lambda: evening.plane.managed.saved, "the environment")


async def test_only_one_form_is_open_at_a_time(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.desktop.management.add()
        await me.sees("Where are its machines?")
        evening.desktop.management.edit(ERP)
        await me.sees("Add an environment")
        assert len(set(visible(EnvironmentDialog))) == 1


async def test_the_first_run_offers_it_where_nothing_is_there(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.environments.replace([])
        evening.store.tell()
        await me.sees("No environments")
        starting = evening.desktop.window.starting
        starting.add_asked.emit()
        await me.sees("Where are its machines?")
