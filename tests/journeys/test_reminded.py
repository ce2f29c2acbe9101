"""Reminders with a real control plane: it stops a server by its own clock, and has it extended."""

from pathlib import Path

from autosky_desktop.system.alarm import alarm
from autosky_desktop.system.plane_files import KeptReminders
from autosky_desktop.system.settings import Settings
from autosky_desktop.ui.background.parts import SystemParts
from autosky_desktop.ui.tray.host import TrayHost
from tests.journeys.conftest import Open, publish
from tests.journeys.test_the_main_job import start_the_preparation_server
from tests.support.notifier import FakeNotifier
from tests.support.person import Person

OTHERS: dict[str, tuple[int, ...]] = {"erp-staging": (), "payroll": ()}


async def shown(me: Person, notifier: FakeNotifier, *words: str) -> str:
    """The title of the note that says all of these."""

    def look() -> str:
        texts = (it.title for it in notifier.notes.values())
        return next((it for it in texts if all(word in it for word in words)), "")

    return await me.until(look, " ".join(words))


async def test_a_server_started_here_is_warned_of_and_extended_from_the_notification(
    qloop: object, open_window: Open, me: Person, tmp_path: Path
) -> None:
    notifier = FakeNotifier()
    async with open_window() as desktop:
        outside = SystemParts(
            KeptReminders(lambda: tmp_path), notifier, alarm, TrayHost(lambda: False)
        )
        desktop.background.watch(lambda: outside)
        desktop.background.begin()
        # it runs for four hours: that is the time before which to be warned
        desktop._preferences.keep(Settings(reminders=(270,), reminders_of=OTHERS))
        await start_the_preparation_server(me)

        warned = await shown(me, notifier, "Preparation server stops at", "in 4 h 00 min")
        notifier.press(warned, "extend")
        await shown(me, notifier, "PREP-ERP-PROD-01 stops at")
        await me.sees("in 4 h 59 min", "in 5 h 00 min")

        kept = KeptReminders(lambda: tmp_path).load()
        assert [it.news for it in kept.entries][:1] == ["moved"]


async def test_the_end_of_a_publication_is_told(
    qloop: object, open_window: Open, me: Person, tmp_path: Path
) -> None:
    notifier = FakeNotifier()
    async with open_window() as desktop:
        outside = SystemParts(
            KeptReminders(lambda: tmp_path), notifier, alarm, TrayHost(lambda: False)
        )
        desktop.background.watch(lambda: outside)
        desktop.background.begin()
        await me.opens_tab("Publish")
        await publish(me)
        title = await shown(me, notifier, "Version 42 is published to ERP Production")
        notifier.press(title, "details")
        await me.sees("Published by: ana")
        await me.presses("Close")
