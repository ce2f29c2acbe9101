"""The Publish tab: its forms, what runs, what waits for its time, and what was."""

from datetime import timedelta

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.plan import Hold, Plan, switch_of
from autosky_desktop.domain.publication import Allowance, Check, Publication
from autosky_desktop.store.store import Line, LineStatus
from tests.support.connect_window import Connectable
from tests.support.evening import ERP, NOW, a_publication, ago, an_environment
from tests.support.person import LEFT, Person, cell
from tests.support.screens.registry import (
    SCREENS,
    Open,
    open_row_menu,
    press,
    runs,
    screen,
    then,
)
from tests.ui.publish.form.test_forms import choose, emails
from tests.ui.publish.run.test_runs import a_run, a_scheduled, tell

HOLD = Hold(first=2)


def publish_tab(tab: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        allowance = Allowance(used=2, limit=4, resets_at=NOW + timedelta(days=7))
        it.evening.plane.shown = msgspec.structs.replace(
            it.evening.plane.shown, allowance=allowance
        )
        runs(it.evening)
        await me.opens_tab("Publish")
        await me.opens_tab(tab)
        await looked_into(me)

    return opening


for model in ("Optimized", "Standard", "Keep users connected", "Request user reconnection",
              "Scheduled"):  # fmt: skip
    SCREENS[f"publish: {model.lower()}"] = publish_tab(model)


SCREENS["publish: more options"] = then(
    "publish: optimized", "More options", seen="Stop at the first failure"
)
SCREENS["publish: a deadline"] = then(
    "publish: keep users connected", "Ask those left to reconnect at a set time",
    seen="Message to users",
)  # fmt: skip


@screen("publish: a hold")
async def _hold(it: Connectable, me: Person) -> None:
    await SCREENS["publish: more options"](it, me)
    choose("Replace instances", "Some instances, then wait")
    await me.sees("Replaced first")
    await looked_into(me)


@screen("publish: chosen instances go first")
async def _named(it: Connectable, me: Person) -> None:
    await SCREENS["publish: more options"](it, me)
    choose("Replace instances", "Chosen ones, then wait")
    await me.sees("Choose at least one instance")
    await looked_into(me)


@screen("publish: prepared first")
async def _prepared_first(it: Connectable, me: Person) -> None:
    await SCREENS["publish: more options"](it, me)
    await me.presses("Prepare first, replace instances at a set time")
    await me.sees("That is 20:45 UTC on 24 November.")
    await looked_into(me)


@screen("publish: reconnection, scheduled")
async def _later(it: Connectable, me: Person) -> None:
    await SCREENS["publish: scheduled"](it, me)
    choose("Model", "Request user reconnection")
    await me.sees("Message to users")
    await looked_into(me)


@screen("publish: reasons to wait")
async def _waits(it: Connectable, me: Person) -> None:
    checks = [
        Check(code="preparation-stopped", level="wait"),
        Check(code="schedule-clash", level="warn", at=NOW + timedelta(minutes=97)),
        Check(code="shutdown-in-run", level="warn", at=NOW + timedelta(minutes=27)),
        Check(code="not-enough-capacity", level="warn"),
        Check(code="a-word-of-tomorrow", level="warn"),
    ]
    it.evening.plane.shown = msgspec.structs.replace(it.evening.plane.shown, checks=checks)
    runs(it.evening)
    await me.opens_tab("Publish")
    await me.sees("Reason to wait:", "reason to wait")


@screen("publish: not checked")
async def _not_checked(it: Connectable, me: Person) -> None:
    it.evening.plane.preview_error = Offline("gone")
    runs(it.evening)
    await me.opens_tab("Publish")
    await me.sees("could not be checked", "does not answer")


@screen("publish: without a mail server")
async def _no_mail(it: Connectable, me: Person) -> None:
    it.evening.plane.shown = msgspec.structs.replace(it.evening.plane.shown, sends_mail=False)
    await SCREENS["publish: optimized"](it, me)


@screen("publish: what it touches, in a narrow window")
async def _narrow(it: Connectable, me: Person) -> None:
    it.evening.desktop.window.resize(1024, it.evening.desktop.window.height())
    await SCREENS["publish: optimized"](it, me)
    await me.presses("Show what this will touch")
    await me.sees("Hide")


@screen("publish: not connected")
async def _offline(it: Connectable, me: Person) -> None:
    await SCREENS["publish: optimized"](it, me)
    it.evening.store.set_connection(LineStatus(Line.OFFLINE, ago(60)))
    await me.sees("Not connected since")


@screen("publish: mistakes")
async def _mistakes(it: Connectable, me: Person) -> None:
    await SCREENS["publish: optimized"](it, me)
    await me.presses("More options")
    emails().setFocus()
    await me.types("Email when it ends", "ana@example.com, ops@")
    press(it, Qt.Key.Key_Tab)
    await me.sees("No email can be sent to 'ops@'.")
    await me.types("Publisher", "")
    await me.sees("Enter who is publishing.")


@screen("publish: not a scaling environment")
async def _not_scaling(it: Connectable, me: Person) -> None:
    lone = an_environment("lone", "Lone", kind="standalone", label="staging")
    it.evening.store.environments.put(lone)
    it.evening.desktop.window.open("lone")
    await me.opens_tab("Publish")
    await me.sees("Only scaling environments publish versions.")


@screen("publish: scheduled list")
async def _list(it: Connectable, me: Person) -> None:
    runs(it.evening, a_scheduled(), a_scheduled(id="other", note="", publisher="ana",
         scheduled_for=NOW + timedelta(days=9)))  # fmt: skip
    await me.opens_tab("Publish")
    await me.opens_tab("Scheduled")
    await me.sees("2 waiting for ERP Production")
    await looked_into(me)


@screen("publish: a scheduled one is changed")
async def _edited(it: Connectable, me: Person) -> None:
    await SCREENS["menu: of a scheduled publication"](it, me)
    await me.chooses("Edit")
    await me.until(lambda: me.offers("Cancel the change"), "the way out")
    await looked_into(me)


def publish_run(seen: str, *those: Publication, tab: str = "") -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        runs(it.evening, *those)
        await me.opens_tab("Publish")
        if tab:
            await me.opens_tab(tab)
        await me.sees(seen)
        if those and those[0].ended:
            await looked_into(me)

    return opening


def publish_held(run: Publication, *replaced: Instance) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        runs(it.evening, run)
        for instance in replaced:
            it.evening.store.details(ERP).instances.put(instance)
        await me.opens_tab("Publish")
        await me.sees("and look")

    return opening


async def looked_into(me: Person) -> None:
    """Wait until it is known what publishing would touch."""
    await me.sees("Passed: Preparation server is running", "<b>1</b> instance")


def a_failure() -> Publication:
    steps = a_publication("succeeded", "skipped", "failed", "pending").steps
    broken = [msgspec.structs.replace(it, reason="image-failed") if it.state == "failed" else it
              for it in steps]  # fmt: skip
    return a_run(state="failed", steps=broken, ended_at=NOW, instances_replaced=0)


DONE = a_publication(id="now", version=42, replaces=41)
HELD = a_run(state="waiting", waiting_for="go-on", hold=HOLD)
STANDARD = msgspec.structs.replace(HELD, plan=Plan(model="standard", hold=HOLD))
REPLACED = [
    Instance(id=f"i{n}", name=f"INST-{n:02}", status="available", version=42, sessions=0,
             private_ip=f"10.20.1.{n}")
    for n in (5, 6)
]  # fmt: skip
SESSIONS = a_run(state="waiting", waiting_for="sessions", sessions_left=12)
USERS = a_run(state="waiting", waiting_for="users", sessions_left=5, asked_at=ago(60),
              disconnect_at=NOW + timedelta(minutes=9))  # fmt: skip
PREPARED = a_run(state="waiting", waiting_for="switch", waits_until=NOW + timedelta(hours=3),
                 switch=switch_of(NOW + timedelta(hours=3), "UTC"),
                 instances_total=0)  # fmt: skip
SCREENS |= {
    "publish: running": publish_run("Publishing version 42", a_run()),
    "publish: held": publish_held(HELD, *REPLACED[:1]),
    "publish: held, several replaced": publish_held(HELD, *REPLACED),
    "publish: waiting for sessions": publish_run("12 sessions are still on version 41.", SESSIONS),
    "publish: waiting for users": publish_run("Users were asked to reconnect at 18:32.", USERS),
    "publish: prepared": publish_run("Version 42 is prepared.", PREPARED),
    "publish: failed": publish_run("The image could not be made.", a_failure()),
    "publish: done": publish_run("Details of the publication of Today 17:33", DONE),
}


@screen("publish: held, standard")
async def _held(it: Connectable, me: Person) -> None:
    preview = it.evening.plane.shown
    it.evening.plane.shown = msgspec.structs.replace(preview, sessions_end=33, sessions_stay=0)
    await publish_held(STANDARD, *REPLACED[:1])(it, me)


@screen("publish: cancelled")
async def _cancelled(it: Connectable, me: Person) -> None:
    await SCREENS["publish: running"](it, me)
    tell(it.evening, a_run(state="cancelled", ended_at=NOW))
    await me.sees("Publication of version 42 cancelled")
    await looked_into(me)


@screen("publish: an earlier version again")
async def _again(it: Connectable, me: Person) -> None:
    await SCREENS["menu: of an earlier publication"](it, me)
    await me.chooses("Publish this version again…")
    await me.sees("You are publishing version 40 again: its image is used")
    await looked_into(me)


@screen("publish: history of one model")
async def _of_one_model(it: Connectable, me: Person) -> None:
    await SCREENS["publish: standard"](it, me)
    await me.sees("Nothing has been published this way yet.")


@screen("publish: history unread")
async def _unread(it: Connectable, me: Person) -> None:
    runs(it.evening)
    it.evening.plane.history_error = Offline("gone")
    await me.opens_tab("Publish")
    await me.sees("The history could not be read.")
    await looked_into(me)


@screen("publish: nothing found in the history")
async def _nothing(it: Connectable, me: Person) -> None:
    await SCREENS["publish: optimized"](it, me)
    await me.types("Find a publication", "nobody")
    await me.sees("No publication matches these filters.")


def details_of(before: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        await SCREENS[before](it, me)
        await open_row_menu(it, me, "Actions for the publication of Today 17:33")
        await me.chooses("Details")
        await me.sees("Details of version 42")

    return opening


SCREENS |= {
    "publication: details": details_of("publish: done"),
    "publication: details of a running one": details_of("publish: running"),
    "publication: details of a failed one": details_of("publish: failed"),
}


@screen("publication: two compared")
async def _compared(it: Connectable, me: Person) -> None:
    await SCREENS["publish: optimized"](it, me)
    await me.clicks_cell("Version: 41")
    table, index = await me.until(lambda: cell("Version: 40"), "version 40")
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, place)
    QTest.keyClick(table, Qt.Key.Key_Menu)
    await me.chooses("Compare with version 41")
    await me.sees("Versions 40 and 41")
