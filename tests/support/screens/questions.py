"""The questions before an act, each of them."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtWidgets import QApplication, QFileDialog

from autosky_desktop.domain.environment import Publishing
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.reminders import Watched
from tests.support.connect_window import STOPPED, Connectable
from tests.support.evening import ERP, NOW, an_environment
from tests.support.person import Person, visible
from tests.support.screens.registry import SCREENS, Open, screen, servers, then
from tests.support.screens.windows import choose_account
from tests.ui.publish.form.test_forms import write

SCREENS |= {
    "question: of publishing": then(
        "publish: optimized", "Publish version 42", seen="Publish version 42 to ERP Production?"),
    "question: of ending sessions by publishing": then(
        "publish: optimized", "Terminate sessions", "Publish version 42",
        seen="Type ERP Production"),
    "question: of publishing, standard": then(
        "publish: standard", "Publish version 42", seen="Publish version 42 to ERP Production?"),
    "question: of publishing, keep": then(
        "publish: keep users connected", "Publish version 42",
        seen="Publish version 42 to ERP Production?"),
    "question: of publishing, scheduled": then(
        "publish: scheduled", "Schedule for today 22:00",
        seen="Schedule a publication to ERP Production?"),
    "question: of publishing again": then(
        "publish: an earlier version again", "Publish version 40 again",
        seen="Publish version 40 to ERP Production again?"),
    "question: of changing a scheduled publication": then(
        "publish: a scheduled one is changed", "Change to Fri 27 Nov 22:00",
        seen="Change the scheduled publication to ERP Production?"),
    "question: of stopping a publication": then(
        "publish: running", "Stop publication", seen="Stop the publication of version 42?"),
    "question: of going back": then(
        "publish: held", "Return to version 41", seen="Return to version 41?"),
    "question: of trying again": then(
        "publish: failed", "Try again", seen="Try the publication of version 42 again?"),
    "question: of going on": then(
        "publish: held, standard", "Go on", seen="Go on with the publication of version 42?"),
    "question: of moving a publication": then(
        "publish: scheduled list", "Move publication of Fri 27 Nov 22:00",
        seen="Optimized is scheduled for Fri 27 Nov 22:00."),
    "question: of cancelling a publication": then(
        "publish: scheduled list", "Cancel publication of Fri 27 Nov 22:00",
        seen="will not start"),
    "question: of starting": then(
        "servers: stopped", "Start server PREP-ERP-PROD-01", seen="Start PREP-ERP-PROD-01?"),
    "question: of cancelling a shutdown": then(
        "servers", "Cancel scheduled shutdown", seen="Keep PREP-ERP-PROD-01 running tonight?"),
    "question: of a shutdown time": then(
        "servers: without a shutdown", "Set a shutdown time", seen="Let it run"),
}  # fmt: skip


@screen("question: of asking users to reconnect")
async def _reconnection(it: Connectable, me: Person) -> None:
    await SCREENS["publish: request user reconnection"](it, me)
    await me.presses("Publish and ask 37 users to reconnect")
    await me.sees("37 users are asked to reconnect")


@screen("question: refused")
async def _refused(it: Connectable, me: Person) -> None:
    await SCREENS["question: of stopping a publication"](it, me)
    it.evening.plane.run_error = Offline("gone")
    await me.presses("Stop publication")
    await me.sees("The control plane does not answer.")


@screen("question: met by a defect")
async def _defect(it: Connectable, me: Person) -> None:
    await SCREENS["question: of stopping a publication"](it, me)
    it.evening.plane.run_error = ValueError("nobody foresaw it")
    await me.presses("Stop publication")
    await me.until(lambda: me.offers("Open the log"), "the way to the log")


@screen("question: of replacing a message")
async def _replace(it: Connectable, me: Person) -> None:
    await SCREENS["publish: request user reconnection"](it, me)
    write("Please come back in a minute.")
    await me.presses("Message template")
    await me.chooses("Maintenance")
    await me.sees("Replace your message?")


@screen("question: of extending until")
async def _until(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.presses("Extend execution")
    await me.chooses("Extend until…")
    await me.sees("Stop at 20:30", "Extend to")


@screen("question: of stopping")
async def _stopping(it: Connectable, me: Person) -> None:
    await SCREENS["menu: of the preparation server"](it, me)
    await me.chooses("Stop server…")
    await me.sees("Stop PREP-ERP-PROD-01?")


@screen("question: of restarting")
async def _restarting(it: Connectable, me: Person) -> None:
    await SCREENS["menu: of a support server"](it, me)
    await me.chooses("Restart…")
    await me.sees("Restart DB-ERP-PROD-01?")


@screen("question: of stopping several")
async def _several(it: Connectable, me: Person) -> None:
    await SCREENS["menu: of several servers"](it, me)
    await me.chooses("Stop 2 servers…")
    await me.sees("Stop 2 servers?")


@screen("question: of ending sessions")
async def _sessions(it: Connectable, me: Person) -> None:
    await SCREENS["instances"](it, me)
    await choose_account(me, "ana")
    await me.presses("End session")
    await me.sees("End the session of ana in ERP Production?")


@screen("question: of replacing a file")
async def _file(it: Connectable, me: Person) -> None:
    await SCREENS["activity"](it, me)
    await me.presses("Export activity")
    chooser = await me.until(lambda: next(visible(QFileDialog), None), "where to write")
    target = it.folder / "activity.csv"
    target.touch()
    chooser.setDirectory(str(it.folder))
    chooser.selectFile(str(target))
    chooser.accept()
    await me.sees("Replace activity.csv?")


LEFT_ALONE = [
    Watched(server="prep", name="PREP-ERP-PROD-01", environment=ERP, minutes=(30,),
            at=NOW + timedelta(minutes=27))
]  # fmt: skip


def quitting(seen: str, *, reminders: Sequence[Watched] = (), **more: object) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        servers(it.evening)
        it.evening.store.environments.put(an_environment(**more))
        desktop = it.evening.desktop
        desktop.background.waiting = lambda: list(reminders)  # type: ignore[method-assign]
        desktop._quitter.quit()
        await me.sees(seen)

    return opening


SCREENS["question: of quitting during a publication"] = quitting(
    "Quit during a publication?",
    publishing=Publishing(version=42, step=3, steps=6, publisher="ana", since=NOW),
)
SCREENS["question: of quitting before a publication"] = quitting(
    "Quit before a scheduled publication?", next_publication=NOW + timedelta(hours=3)
)
SCREENS["question: of quitting with reminders"] = quitting(
    "Quit while reminders are waiting?", reminders=LEFT_ALONE
)


@screen("question: of quitting with connections")
async def _connections(it: Connectable, me: Person) -> None:
    it.evening.show(STOPPED)
    await it.asks(STOPPED)
    await it.connects(button="Start and connect")
    await me.until(lambda: it.heard == ["start file-erp-prod-01"], "the start")
    window = QApplication.activeModalWidget()
    assert window
    window.close()
    it.evening.desktop._quitter.quit()
    await me.sees("Quit while connections are waiting?")
