"""What somebody asks for is in the record, by whom, and what came of it."""

import csv
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from tests.journeys.conftest import Open
from tests.support.control_plane import Running
from tests.support.person import Person, visible
from tests.ui.activity.test_activity import chooses


def read(target: Path) -> list[dict[str, str]]:
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def test_a_restart_is_recorded_seen_done_and_exported(
    qloop: object, open_window: Open, plane: Running, me: Person, tmp_path: Path
) -> None:
    async with open_window():
        with plane.client() as http:
            keys = [{"Idempotency-Key": name} for name in ("restart", "start")]
            assert http.post("servers/db-erp-prod-01/restart", headers=keys[0]).is_success
            assert not http.post("servers/db-erp-prod-01/start", headers=keys[1]).is_success
        await me.sees("What: Restart of DB-ERP-PROD-01 requested")
        await me.sees("By whom: ana")
        await me.presses("Show all activity")
        await me.sees("Server or version: DB-ERP-PROD-01")
        await me.sees("What: Start of DB-ERP-PROD-01 requested. Its state did not allow that.")
        await me.sees("Result: Refused")
        await me.sees("Result: Done", patience=30)

        chooses("Filter activity by kind", "Restarts")
        await me.no_longer_sees("Result: Refused")
        await me.presses("Export activity")
        dialog = await me.until(lambda: next(visible(QFileDialog), None), "a file dialog")
        dialog.selectFile(str(tmp_path / "activity.csv"))
        dialog.accept()
        await me.sees("1 entry written to activity.csv.")
        [row] = read(tmp_path / "activity.csv")
        assert (row["By whom"], row["Server"], row["Result"]) == ("ana", "DB-ERP-PROD-01", "Done")
