"""After an end that was not clean the window says when that was, and what was going on."""

from pathlib import Path

import pytest

from autosky_desktop.domain.environment import Publishing
from autosky_desktop.system import folders
from autosky_desktop.system.last_run import Crash
from tests.support.evening import NOW, ago, an_environment, an_evening
from tests.support.person import Person

CRASH = Crash(since=ago(9000), until=ago(600), traced=True)
LEAD = "Autosky Desktop ended unexpectedly."


@pytest.mark.parametrize(
    ("publishing", "text"),
    [
        (None, "; ERP Production was open."),
        (
            Publishing(version=42, step=3, steps=6, publisher="ana", since=NOW),
            "; version 42 was being published in ERP Production.",
        ),
    ],
)
async def test_what_was_open_is_said_and_dismissed(
    qloop: object, me: Person, publishing: object, text: str
) -> None:
    async with an_evening() as it:
        it.show(environment=an_environment(publishing=publishing))
        it.desktop.ended_before.tell(CRASH)
        await me.sees(LEAD)
        await me.sees(text)
        await me.presses("Dismiss")
        await me.no_longer_sees(LEAD)


async def test_it_leads_to_the_report(
    qloop: object, me: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "logs", lambda: tmp_path)
    (tmp_path / "desktop-crash-before.log").write_text("Fatal Python error: Aborted")
    async with an_evening() as it:
        it.desktop.ended_before.tell(CRASH)
        await me.presses("Report a problem")
        await me.sees("The report")
        await me.until(lambda: me.offers("Save report"), "a report that can be saved")
        await me.presses("Close")
