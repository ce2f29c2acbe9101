"""What has to be read whole in a table is, in the smallest window too."""

from datetime import timedelta
from typing import Any

import pytest

from autosky_desktop.ui.theme.fonts import advance
from autosky_desktop.ui.widgets.status import StatusPill, pill_size
from autosky_desktop.ui.widgets.table.cells import style_of, text_rect
from autosky_desktop.ui.widgets.table.table import RecordTable
from tests.support.evening import (
    a_publication,
    a_support_server,
    ago,
    an_activity,
    an_evening,
)
from tests.support.person import Person, visible

SMALLEST, USUAL = (1024, 640), (1280, 820)
NOTE = "Tax tables of December, the new menu, and what the auditors of Company NY asked for"


def cut() -> list[str]:
    """The column and the text of each cell that cannot be read whole."""
    found = []
    for table in set(visible(RecordTable)):
        model: Any = table.model()
        for place, column in enumerate(model.columns):
            if table.isColumnHidden(place) or column.kind == "menu":
                continue
            for row in range(model.rowCount()):
                text = column.shown(model.record(row))
                room = text_rect(table.visualRect(model.index(row, place)), place, column).width()
                pill = column.status is not None
                wanted = pill_size(text).width() if pill else advance(style_of(column), text)
                if wanted > room:
                    found.append(f"{column.title}: {text}")
    return found


@pytest.mark.parametrize("size", [SMALLEST, USUAL])
async def test_of_the_history_only_the_note_is_cut(
    qloop: object, me: Person, size: tuple[int, int]
) -> None:
    async with an_evening(*size) as evening:
        await me.opens_tab("Publish")
        runs = evening.store.details("erp-production").publications
        runs.put(a_publication(note=NOTE))
        await me.sees("Result: Completed")
        runs.put(a_publication(model="request-user-reconnection", note=NOTE))
        await me.sees("Model: Request user reconnection")
        assert [it for it in cut() if not it.startswith("Note: ")] == []
        failed = ["succeeded", "succeeded", "failed", "pending"]
        runs.put(a_publication(*failed, state="failed", note=NOTE, id="b", requested_at=ago(9)))
        await me.sees("Result: Failed at step 3")
        assert [it for it in cut() if not it.startswith("Note: ")] == []


async def test_at_which_step_a_publication_failed_is_read_whole(qloop: object, me: Person) -> None:
    async with an_evening(*SMALLEST) as evening:
        failed = a_publication("succeeded", "skipped", "failed", "pending", state="failed")
        evening.show(publications=[failed])
        await me.opens_tab("Publish")
        await me.sees("Failed at step 3: Image creation")
        pills = {it for it in visible(StatusPill) if it.text().startswith("Failed at step 3")}
        assert pills
        after_letters = 10  # room that a pill may give without losing one
        assert all(it.width() >= it.sizeHint().width() - after_letters for it in pills)


async def test_names_and_addresses_come_before_the_room_beside_states(
    qloop: object, me: Person
) -> None:
    async with an_evening(*SMALLEST) as evening:
        addresses = {"public_ip": "203.0.113.131", "private_ip": "10.120.110.121"}
        evening.show(
            *[
                a_support_server(name, **addresses)
                for name in ("FILE-ERP-COMPANY-PROD-01", "DB-ERP-PROD-01")
            ]
        )
        await me.sees("Name: FILE-ERP-COMPANY-PROD-01")
        assert [it for it in cut() if it.startswith(("Name", "Public", "Private"))] == []


async def test_where_something_was_moved_to_can_be_read(qloop: object, me: Person) -> None:
    async with an_evening(*SMALLEST) as evening:
        evening.plane.record = [
            an_activity(
                kind="move-shutdown", target="PREP-ERP-PROD-01", moved_from=ago(60),
                moved_to=ago(60) + timedelta(hours=3), by="release-bot",
            ),
            an_activity(1, at=ago(86_400 * 400)),
        ]  # fmt: skip
        await me.opens_tab("Activity")
        await me.sees("moved from 18:32 to 21:32")
        assert cut() == []
