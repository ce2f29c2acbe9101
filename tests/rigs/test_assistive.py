"""The real window through AT-SPI: read and used by its accessible names alone."""

import re
from collections.abc import Iterator

import pytest

from tests.support.assistive import ANSWERS, Reader, reader
from tests.support.program import Desk

PROMISED = (
    r"Find an environment",
    r"Environments",
    r"Main menu",
    r"Account \w+ at This computer",
    r"ERP Production, Production environment",
    r"Connection: Live, confirmed .+",
    r"Servers",
    r"Publish",
    r"Activity",
    r"Force provider update",
    r"Notifications, \d+ unread",
    r"Settings",
    r"Preparation server",
    r"Server name: PREP-ERP-PROD-01",
    r"Public IP: .+",
    r"Private IP: .+",
    r"Platform version: .+",
    r"Server status: .+",
    r"Image status: .+",
    r"Actions for PREP-ERP-PROD-01",
    r"Start server PREP-ERP-PROD-01",
    r"Copy private IP of PREP-ERP-PROD-01",
    r"Recent activity",
    r"Show all activity",
    r"Show all instances",
    r"Support servers",
    r"Instances: 12 running, 37 sessions, version 41",
)


@pytest.fixture
def spoken(desk: Desk) -> Iterator[Reader]:
    with reader(desk) as listening, desk.desktop("--speed", "300", **ANSWERS):
        yield listening


def test_a_server_is_started_by_its_names_alone(spoken: Reader) -> None:
    spoken.sees("Server name: PREP-ERP-PROD-01")
    spoken.sees("Server status: Stopped")
    rows = spoken.table("Support servers")
    assert any("DB-ERP-PROD-01" in cell for row in rows for cell in row)

    spoken.presses("Start server PREP-ERP-PROD-01")
    spoken.sees("Start PREP-ERP-PROD-01?")
    spoken.presses("Start server")
    spoken.sees("Server status: Running")
    assert re.match(r"Scheduled shutdown: .+, in ", spoken.sees("Scheduled shutdown: "))
    heard = spoken.hears("PREP-ERP-PROD-01: Running.")
    assert len([it for it in heard if "PREP-ERP-PROD-01: Running." in it]) == 1
    spoken.sees("Extend execution")
    spoken.sees("Cancel scheduled shutdown")


def test_the_servers_tab_has_the_names_that_are_promised(spoken: Reader) -> None:
    spoken.sees("Server name: PREP-ERP-PROD-01")
    names = spoken.names()
    for promised in PROMISED:
        assert any(re.fullmatch(promised, name) for name in names), (promised, names)
    row = next(row for row in spoken.table("Support servers") if "DB-ERP-PROD-01" in row[0])
    kinds = ("Name", "Public IP", "Private IP", "Status", "Type")
    assert [cell.split(": ")[0] for cell in row[:5]] == list(kinds)
    assert row[5] == "Actions for DB-ERP-PROD-01"
