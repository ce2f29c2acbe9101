"""The Connect as windows: the form, whom one trusts, how far it is, and why it failed."""

import msgspec

from autosky_desktop.domain.connecting import CannotConnect, Trouble, TrustVerdict
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Console, Presence
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.secrets import KeychainState
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.words.client_failures import CLIENT, SSH
from tests.support.connect_window import FILE, STOPPED, Connectable
from tests.support.connecting import GATEWAY, an_endpoint
from tests.support.evening import ERP, a_preparation_server, ago
from tests.support.person import Person, visible
from tests.support.screens.registry import ALIKE, SCREENS, Open, open_list, screen
from tests.words.test_connecting import TROUBLES


@screen("connect as")
async def _connect(it: Connectable, _me: Person) -> None:
    it.evening.show(a_preparation_server(), FILE)
    await it.asks()


@screen("connect as: somebody is there, through a gateway")
async def _present(it: Connectable, me: Person) -> None:
    there = [Presence(account="ERPPROD\\l.moraes", since=ago(4800))]
    it.endpoint = an_endpoint("prep", present=there, gateway=GATEWAY)
    await it.asks(a_preparation_server())
    await me.sees("Signed in there now: ERPPROD\\l.moraes since today")


@screen("connect as: through a tunnel")
async def _tunnel(it: Connectable, me: Person) -> None:
    it.endpoint = an_endpoint(FILE.id, network=None, tunnel="session-manager")
    it.evening.show(a_preparation_server(), FILE)
    await it.asks()
    await me.sees("Tunnel, 10.20.0.31")


@screen("connect as: the console")
async def _console(it: Connectable, me: Person) -> None:
    console = Console(uri="qemu:///system", machine="0a1b2c3d", graphical=True)
    it.endpoint = an_endpoint(FILE.id, private_ip=None, console=console)
    it.evening.show(a_preparation_server(), FILE)
    it.evening.desktop.connections.ask(ERP, FILE)
    await me.sees("As a last resort")


@screen("connect as: an instance")
async def _instance(it: Connectable, me: Person) -> None:
    instance = Instance(id="i2", name="INST-02", status="available", version=42, sessions=3)
    it.evening.store.details(ERP).instances.put(instance)
    it.endpoint = an_endpoint("i2")
    it.evening.desktop.connections.ask(ERP, instance)
    await me.sees("Private, 10.20.0.31")


@screen("connect as: without a keychain")
async def _no_keychain(it: Connectable, me: Person) -> None:
    it.credentials.keychain.now = KeychainState.NONE  # type: ignore[attr-defined]
    await it.asks()
    await me.sees("This system has no keychain.")


SCREENS["list: accounts"] = open_list("connect as", "User")


@screen("connect as: a stopped server")
async def _stopped(it: Connectable, me: Person) -> None:
    it.evening.show(a_preparation_server(), STOPPED)
    await it.asks(STOPPED)
    await me.sees("This server is stopped.")


@screen("connect as: starting")
async def _starting(it: Connectable, me: Person) -> None:
    await SCREENS["connect as: a stopped server"](it, me)
    await it.connects(button="Start and connect")
    it.becomes(status="starting")
    await me.sees("Server is starting, Running, 0:00 so far, usually 1:30")


@screen("connect as: mistakes")
async def _mistakes(it: Connectable, me: Person) -> None:
    await SCREENS["connect as"](it, me)
    await me.presses("Connect")
    await me.sees("Enter the password.")


def trusting(verdict: TrustVerdict, seen: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        it.access.verdict = verdict
        await it.asks()
        await it.connects()
        await me.sees(seen)

    return opening


SCREENS["connect as: a new fingerprint"] = trusting(TrustVerdict.NEW, "Fingerprint, SHA-256:")
SCREENS["connect as: named anew"] = trusting(TrustVerdict.NAMED_ANEW, "Known until now:")
SCREENS["connect as: changed"] = trusting(TrustVerdict.CHANGED, "is not what it was")


def failing(trouble: Trouble | ConnectionOutcome, reason: str = "", protocol: str = "rdp") -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        it.endpoint = msgspec.structs.replace(it.endpoint, protocol=protocol)
        it.access.looked = CannotConnect(trouble, reason)
        await it.asks()
        await it.connects()
        await me.until(lambda: next(visible(ErrorBox), None), "why")

    return opening


FAILURES = [
    *((it, "", "rdp") for it in TROUBLES),
    *((ConnectionOutcome.CLIENT_FAILED, it, "rdp") for it in CLIENT),
    *((ConnectionOutcome.REFUSED, it, "ssh") for it in SSH),
]
for trouble, reason, protocol in FAILURES:
    name = f"connect as: failed, {trouble} {reason}".strip()
    SCREENS[name] = failing(trouble, reason, protocol)
    ALIKE.add(name)
