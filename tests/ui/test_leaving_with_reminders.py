"""Leaving while shutdowns are warned of: nobody loses a reminder without having been told."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from tests.support.background import a_watched_evening
from tests.support.evening import ERP, NOW, an_environment
from tests.support.person import Person

QUESTION = "Quit while reminders are waiting?"


async def test_without_a_tray_closing_says_which_reminders_end(
    qloop: object, me: Person, quits: list[bool]
) -> None:
    async with a_watched_evening() as it:
        it.evening.desktop.window.close()
        await me.sees(QUESTION)
        await me.sees("PREP-ERP-PROD-01 stops at 19:00, in 27 min.")
        await me.sees("You will not be reminded after you quit.")
        await me.presses("Keep it open")
        await me.no_longer_sees(QUESTION)
        assert quits == []


async def test_beside_a_publication_of_another_zone_a_reminder_has_its_zone(
    qloop: object, me: Person, quits: list[bool]
) -> None:
    async with a_watched_evening() as it:
        at, there = NOW + timedelta(hours=3), "America/Sao_Paulo"
        environments = it.evening.store.environments
        erp = environments.get(ERP)
        assert erp
        planned = replace(erp, next_publication=at, time_zone=there)
        here = an_environment("payroll", "Payroll", next_publication=at)
        environments.replace([planned, here])
        it.evening.desktop.window.close()
        line = "A publication to {} is scheduled for today {}."
        await me.sees(line.format("ERP Production", f"18:33 ({there})"))
        await me.sees(line.format("Payroll", "21:33 (UTC)"))
        await me.sees("PREP-ERP-PROD-01 stops at 19:00 (UTC), in 27 min.")
        await me.presses("Keep it open")


async def test_who_never_wants_to_be_asked_is_not(
    qloop: object, me: Person, quits: list[bool]
) -> None:
    async with a_watched_evening() as it:
        it.evening.desktop.window.close()
        await me.presses("Always quit without asking about reminders")
        await me.presses("Quit")
        assert quits == [True]
        it.evening.desktop.window.close()
        assert quits == [True, True]


async def test_with_a_tray_quitting_asks_and_closing_does_not(
    qloop: object, me: Person, quits: list[bool]
) -> None:
    async with a_watched_evening(tray=True) as it:
        window = it.evening.desktop.window
        window.close()
        assert window.isHidden()
        it.evening.desktop._quitter.quit()
        await me.sees(QUESTION)
        await me.presses("Quit")
        assert quits == [True]


async def test_the_end_of_the_session_is_no_time_for_questions(
    qloop: object, quits: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_watched_evening(tray=True) as it:
        monkeypatch.setattr(QApplication, "isSavingSession", lambda _: True)
        it.evening.desktop.window.close()
        assert quits == [True]
