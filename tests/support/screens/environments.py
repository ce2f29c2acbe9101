"""The steps of adding an environment, and the questions about one that is there."""

from msgspec.structs import replace
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.ui.widgets.input.select import Select
from tests.support.connect_window import Connectable
from tests.support.evening import ERP, an_environment
from tests.support.managed import FAILS, FOUND
from tests.support.person import Person, visible
from tests.support.screens.registry import SCREENS, Open, open_list, screen, servers, then

LOGIN = Problem(
    type="about:blank", title="No", status=409, code=Code.PROVIDER_REFUSED,
    detail="The host did not accept the key ~/.ssh/id_ed25519.",
)  # fmt: skip


@screen("adding: where")
async def _where(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.presses("Add environment")
    await me.sees("Where are its machines?")


@screen("adding: no answer")
async def _silent(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.plane.managed.error = Refused(LOGIN)
    await me.presses("Add environment")
    await me.sees("The provider refused")


@screen("adding: nothing chosen")
async def _nothing(it: Connectable, me: Person) -> None:
    await SCREENS["adding: where"](it, me)
    await me.presses("Look")
    await me.sees("Choose where its machines are.")


@screen("adding: access")
async def _access(it: Connectable, me: Person) -> None:
    await SCREENS["adding: where"](it, me)
    await me.presses("libvirt (KVM on your own servers)")
    await me.sees("How to get in")


@screen("adding: access is wrong")
async def _wrong(it: Connectable, me: Person) -> None:
    await SCREENS["adding: access"](it, me)
    await me.types("Connection URI", "")
    await me.types("SSH port", "ssh")
    write("Connection URI", " ")
    await me.presses("Look")
    await me.sees("Enter a number.")


@screen("adding: refused")
async def _refused(it: Connectable, me: Person) -> None:
    await SCREENS["adding: access"](it, me)
    it.evening.plane.managed.error = Refused(LOGIN)
    await me.presses("Look")
    await me.sees("The provider refused")


SCREENS["adding: found"] = then("adding: access", "Look", seen="4 machines were found.")
SCREENS["list: of machines"] = open_list("adding: found", "Preparation server")


@screen("adding: nothing found")
async def _none(it: Connectable, me: Person) -> None:
    it.evening.plane.managed.there = replace(FOUND, machines=[], groups=[])
    await SCREENS["adding: access"](it, me)
    await me.presses("Look")
    await me.sees("No machine was found there.")
    await me.presses("Next")
    await me.sees("Choose a machine.")


@screen("adding: many found")
async def _many(it: Connectable, me: Person) -> None:
    more = [replace(FOUND.machines[1], id=f"m{n}", name=f"CRM-{n:03}") for n in range(90)]
    it.evening.plane.managed.there = replace(FOUND, machines=[*FOUND.machines, *more])
    await SCREENS["adding: access"](it, me)
    await me.presses("Look")
    await me.sees("94 machines were found.")


SCREENS["adding: name and times"] = then("adding: found", "Next", seen="Publish versions")
SCREENS["adding: no name"] = then("adding: name and times", "Check", seen="Enter a name.")


@screen("adding: everything is chosen")
async def _filled(it: Connectable, me: Person) -> None:
    await SCREENS["adding: name and times"](it, me)
    await me.types("Name", "CRM Production")
    await me.presses("Stop the preparation server every day")
    await me.presses("Limit how often users are asked to reconnect")
    await me.sees("Times a month")


SCREENS["adding: check"] = then("adding: everything is chosen", "Check", seen="Everything that")


@screen("adding: check failed")
async def _failed(it: Connectable, me: Person) -> None:
    it.evening.plane.managed.lines = list(FAILS)
    await SCREENS["adding: everything is chosen"](it, me)
    await me.presses("Check")
    await me.sees("1 thing does not work yet.")


@screen("adding: before the check")
async def _before(it: Connectable, me: Person) -> None:
    await SCREENS["adding: where"](it, me)
    await me.opens_tab("Check")
    await me.sees("The check tries what")


@screen("adding: nothing looked for")
async def _unlooked(it: Connectable, me: Person) -> None:
    await SCREENS["adding: where"](it, me)
    await me.opens_tab("Machines")
    await me.sees("Nothing was looked for yet")


@screen("editing: name and times")
async def _editing(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.desktop.management.edit(ERP)
    await me.sees("Publish versions")


def asked(seen: str, method: str, **more: object) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        servers(it.evening)
        it.evening.store.environments.put(an_environment(**more))
        getattr(it.evening.desktop.management, method)(ERP)
        await me.sees(seen)

    return opening


SCREENS["question: of pausing an environment"] = asked("Pause ERP Production?", "pause")
SCREENS["question: of removing an environment"] = asked(
    "Remove ERP Production from Autosky Desktop?", "remove"
)


def banner(seen: str, **more: object) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        servers(it.evening)
        it.evening.store.environments.put(an_environment(**more))
        it.evening.store.tell()
        await me.sees(seen)

    return opening


SCREENS["environment: paused"] = banner("ERP Production is paused.", paused=True)
SCREENS["environment: credentials expired"] = banner(
    "ERP Production cannot be read now.",
    unreachable="The session of the profile erp has expired.",
    trouble="credentials",
    remedy="Sign in again, or renew the credentials that its settings name.",
)


async def choose(me: Person, name: str, text: str) -> None:
    """Choose a line of a list, by what stands in it."""

    def found() -> Select | None:
        return next((it for it in visible(Select) if it.accessibleName() == name), None)

    field = await me.until(found, f"list {name}")
    field.setCurrentIndex(field.findText(text))
    field.activated.emit(field.currentIndex())


def write(name: str, text: str) -> None:
    """Type into a field, in the place of what stands there."""
    field = next(it for it in visible(QLineEdit) if it.accessibleName() == name)
    field.selectAll()
    QTest.keyClicks(field, text)
