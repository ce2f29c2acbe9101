"""The windows over the window: settings, instances, reminders, the palette, and what links open."""

from datetime import timedelta
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.environment import Instance, InstanceLoad
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.inbox import Entry, Kept
from autosky_desktop.domain.secrets import Scope, Subject
from autosky_desktop.domain.session import Session
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.trust import Pin, Trust
from autosky_desktop.system.settings_file import FoundSettings
from autosky_desktop.ui.background.parts import SystemParts
from autosky_desktop.ui.tray.host import TrayHost
from tests.support.background import SEVEN, Kepts, Quiet, stops_at
from tests.support.connect_window import Connectable
from tests.support.evening import ERP, NOW, ago
from tests.support.notifier import FakeNotifier
from tests.support.person import LEFT, Person, cell
from tests.support.screens.registry import SCREENS, Open, press, screen, servers, then

CTRL = Qt.KeyboardModifier.ControlModifier
PEOPLE = [
    Session(id=name, account=name, instance="i", since=ago(600))
    for name in ("ana", "bob", "eva.maria.de.souza")
]

SCREENS["settings: general"] = then("servers", "Settings", seen="Theme")


def settings_page(tab: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        await SCREENS["settings: general"](it, me)
        await me.opens_tab(tab)

    return opening


for page in ("Notifications", "Email", "Connecting", "Passwords"):
    SCREENS[f"settings: {page.lower()}"] = settings_page(page)


@screen("settings: found")
async def _found_settings(it: Connectable, me: Person) -> None:
    await SCREENS["settings: general"](it, me)
    await me.types("Find a setting", "quiet")
    await me.sees("Only a publication that waits for you or failed")


@screen("settings: nothing found")
async def _no_setting(it: Connectable, me: Person) -> None:
    await SCREENS["settings: general"](it, me)
    await me.types("Find a setting", "nowhere")
    await me.sees("No setting matches.")


@screen("settings: imported")
async def _imported(it: Connectable, me: Person) -> None:
    await SCREENS["settings: general"](it, me)
    found = FoundSettings({"theme": "system", "quiet_hours": (22, 6)}, ["motion", "of-later"])
    it.evening.desktop.background._take(found)
    await me.sees("2 settings were taken from the file.")


@screen("settings: trusted servers")
async def _trusted(it: Connectable, me: Person) -> None:
    trust = Trust(it.folder)
    for name in ("FILE-ERP-PROD-01", "WEB-ERP-PROD-01"):
        trust.pin(Pin(server=name, protocol=Protocol.RDP, fingerprint="sha256:" + "AB:" * 31 + "AB",
                      name=name, address="10.20.0.31", since=NOW))  # fmt: skip
    await SCREENS["settings: connecting"](it, me)
    await me.sees("FILE-ERP-PROD-01")


@screen("settings: remembered passwords")
async def _remembered(it: Connectable, me: Person) -> None:
    for account, scope, subject in (
        ("ERP\\svc-deploy", Scope.EVERYWHERE, Subject()),
        ("administrator", Scope.ENVIRONMENT, Subject(ERP, "ERP Production")),
        ("ana", Scope.SERVER, Subject("prep", "PREP-ERP-PROD-01")),
    ):
        await it.credentials.remember(account, scope, subject, Secret("marker"))
    await SCREENS["settings: passwords"](it, me)
    await me.presses("Forget password of administrator")
    await me.sees("Every server it is used for will ask for it again.")


@screen("instances")
async def _instances(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.plane.people = list(PEOPLE)
    it.evening.plane.loads_told = [
        InstanceLoad(id=f"i{number}", cpu=8.0 * number, memory=40.0 + number, at=NOW)
        for number in range(2, 11)
    ]
    for number in range(2, 12):
        it.evening.store.details(ERP).instances.put(
            Instance(id=f"i{number}", name=f"INST-{number:02}", status="available", version=41,
                     sessions=number, private_ip=f"10.20.1.{number}")
        )  # fmt: skip
    await me.presses("Show all instances")
    await me.sees("3 sessions, read ")


@screen("instances: none")
async def _no_instances(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.store.details(ERP).instances.replace([])
    await me.presses("Show all instances")
    await me.sees("No instance is running.")


@screen("instances: accounts unread")
async def _unread(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.plane.people_error = Offline("gone")
    await me.presses("Show all instances")
    await me.sees("The accounts could not be read.")


async def choose_account(me: Person, account: str) -> QAbstractItemView:
    table, index = await me.until(lambda: cell(f"Account: {account}"), account)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), LEFT, CTRL, place)
    return table


@screen("palette")
async def _palette(it: Connectable, me: Person) -> None:
    servers(it.evening)
    press(it, Qt.Key.Key_K, CTRL)
    await me.sees("Command palette")


@screen("palette: nothing found")
async def _nothing(it: Connectable, me: Person) -> None:
    await SCREENS["palette"](it, me)
    await me.types("Command palette", "nowhere")
    await me.sees("nowhere")


def told(news: str, minutes: int, **more: Any) -> Entry:
    """Return an entry of so many minutes ago."""
    usual: dict[str, Any] = {"environment": "staging", "name": "ERP Staging", "version": 41}
    return Entry(id=news, news=news, told_at=ago(60 * minutes), **{**usual, **more})


TOLD = (
    told("failed", 30, step=3, reason="image-failed", text="There is no space left on it."),
    told("published", 90, read=True),
    told("refused", 100, server="p", server_name="PREP-ERP-STAGING-01", at=NOW, read=True,
         text="The control plane does not answer."),
    told("missed", 24 * 60, server="p", server_name="PREP-ERP-STAGING-01", at=NOW),
)  # fmt: skip


def notified(it: Connectable, *entries: Entry) -> None:
    background = it.evening.desktop.background
    kept, notifier = Kepts(Kept(entries=entries)), cast("Any", FakeNotifier())
    outside = SystemParts(kept, notifier, Quiet, TrayHost(lambda: False))
    background.watch(lambda: outside)
    background.begin()
    background.show_inbox()


@screen("notifications")
async def _inbox(it: Connectable, me: Person) -> None:
    it.evening.show(environment=stops_at(SEVEN))
    notified(it, *TOLD)
    it.evening.store.set_clock_ahead(timedelta(minutes=17))
    await me.sees("Preparation server stops at 19:00")


@screen("notifications: none")
async def _no_news(it: Connectable, me: Person) -> None:
    servers(it.evening, shutdown=None)
    notified(it)
    await me.sees("You are reminded of shutdowns (60, 30, 10 and 2 minutes before),")


@screen("link: to nowhere")
async def _link(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.desktop.navigation.arrive("autosky://environment/nowhere")
    await me.sees("This environment was not found")
