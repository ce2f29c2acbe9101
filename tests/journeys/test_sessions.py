"""Who is on the instances of a real control plane, and ending their sessions."""

from typing import Any

from tests.journeys.conftest import Open
from tests.support.control_plane import Running
from tests.support.person import Person
from tests.ui.servers.instances.test_page import chooses


def people(plane: Running) -> list[dict[str, Any]]:
    with plane.client() as http:
        found: list[dict[str, Any]] = http.get("environments/erp-production/sessions").json()[
            "sessions"
        ]
    return found


async def test_two_sessions_end_and_the_numbers_follow(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        before = people(plane)
        first, second = sorted(before, key=lambda it: (it["account"].casefold(), it["since"]))[:2]
        await me.presses("Show all instances")
        await me.sees(f"{len(before)} sessions, read ")
        await chooses(me, (first["account"], second["account"]))
        await me.presses("End 2 sessions")
        await me.sees("Consequence: 2 sessions end at once")
        await me.types("Type ERP Production to confirm", "ERP Production")
        await me.presses("End 2 sessions")
        await me.sees("2 sessions ended.")
        await me.sees(f"{len(before) - 2} sessions, read ")
        gone = {first["id"], second["id"]}
        assert not gone & {it["id"] for it in people(plane)}
        await me.presses("Back to Servers")
        await me.sees(f"{len(before) - 2} sessions, version 41")
        await me.opens_tab("Activity")
        await me.sees("By: ana", "By whom: ana")


async def test_who_left_meanwhile_is_said(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        first, *_ = sorted(people(plane), key=lambda it: it["account"].casefold())
        await me.presses("Show all instances")
        await chooses(me, (first["account"],))
        await me.presses("End session")
        await me.types("Type ERP Production to confirm", "ERP Production")
        with plane.client() as http:
            http.post(
                "environments/erp-production/sessions/end",
                json={"sessions": [first["id"]]},
                headers={"Idempotency-Key": "somebody-else-was-faster"},
            ).raise_for_status()
        await me.presses("End session")
        await me.sees(f"Already gone: {first['account']}.")
