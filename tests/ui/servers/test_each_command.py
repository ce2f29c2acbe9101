"""Every command of a server is in its menu and in the palette, and does the same from both: tried
of each that is declared.
"""

import pytest
from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.server import Server, possible
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.palette.palette import PaletteEntry
from autosky_desktop.ui.servers.commands import OF_SERVER, PowerCommand, ServerCommand
from tests.support.connect_window import connectable
from tests.support.evening import NOW, Evening, a_preparation_server, a_support_server
from tests.support.person import Person, menu_line
from tests.support.walk import palette

SERVERS = (a_preparation_server(), a_support_server(), a_support_server(status="stopped"))


TITLES = {
    "Connect as…": "Connect as",
    "Start server…": "Start server",
    "Stop server…": "Stop server",
    "Restart…": "Restart server",
    "Copy link": "",
}
"""The window that each opens; what opens none copies."""
EACH = [
    pytest.param(command, server, id=f"{command.named} {server.role} {server.status}")
    for server in SERVERS
    for command in OF_SERVER
]


def shown(evening: Evening, server: Server) -> None:
    others = [it for it in SERVERS[:2] if it.id != server.id]
    evening.show(server, *others)


async def opens_menu(me: Person, server: Server) -> None:
    name = f"Actions for {server.name}"
    await (me.presses(name) if server.role == "preparation" else me.clicks_cell(name))


async def in_palette(me: Person, command: ServerCommand, server: Server) -> PaletteEntry | None:
    named = command.named.format(name=server.name)
    return next((it for it in await palette(me) if it.text == named), None)


async def outcome(me: Person) -> tuple[str, str]:
    """Return what came of a command, the title of its window or what it copied; and undo it."""
    board, dialog = QApplication.clipboard(), QApplication.activeModalWidget
    await me.until(lambda: dialog() or board.text(), "a window, or something copied")
    shown = dialog()
    came = shown.windowTitle() if shown else "", board.text()
    board.clear()
    if shown:
        shown.close()
        await me.until(lambda: dialog() is None, "no window")
    return came


@pytest.mark.parametrize(("command", "server"), EACH)
async def test_it_does_the_same_from_the_menu_and_from_the_palette(
    qloop: object, me: Person, command: ServerCommand, server: Server
) -> None:
    async with connectable() as it:
        shown(it.evening, server)
        entry = await in_palette(me, command, server)
        assert bool(entry) is command.is_of(server)
        if entry and not entry.reason:
            QApplication.clipboard().clear()
            entry.do()
            by_name = await outcome(me)
            title, copied = by_name
            assert title.removesuffix(" – Autosky Desktop") == TITLES[command.text]
            assert copied.startswith(f"autosky://server/{server.id}") is not bool(title)
            await opens_menu(me, server)
            await me.chooses(command.text)
            assert await outcome(me) == by_name


@pytest.mark.parametrize("server", SERVERS)
async def test_what_cannot_be_done_says_why_in_both(
    qloop: object, me: Person, server: Server
) -> None:
    async with connectable() as it:
        shown(it.evening, server)
        it.evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        entries = {it: await in_palette(me, it, server) for it in OF_SERVER}
        await opens_menu(me, server)
        for command, entry in entries.items():
            line = menu_line(command.text)
            fits = not isinstance(command, PowerCommand) or command.power in possible(server.status)
            assert line or not (fits and command.is_of(server)), command.named
            if line and entry:
                assert line[1].statusTip() == entry.reason
                assert bool(entry.reason) is (command.icon != "copy"), entry.reason
        await me.closes_menu()


def test_the_commands_are_declared() -> None:
    assert {"Connect as…", "Restart…", "Copy link"} <= {it.text for it in OF_SERVER}
    assert len({it.named for it in OF_SERVER}) == len(OF_SERVER)
