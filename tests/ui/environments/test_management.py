"""Pausing, resuming and removing an environment, and what its state says and offers."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog

from autosky_desktop.domain.errors import Offline
from autosky_desktop.store.store import Line, LineStatus
from tests.support.evening import ERP, NOW, an_activity, an_environment, an_evening
from tests.support.person import Person, menu_line, visible
from tests.support.walk import palette

EXPIRED = "The session of the profile erp has expired."
RENEW = "Sign in again, or renew the credentials that its settings name."


async def test_it_is_paused_after_a_question(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.desktop.management.pause(ERP)
        await me.sees("Pause ERP Production?")
        await me.sees("Its machines go on as they are, and nobody is disconnected.")
        await me.presses("Pause")
        await me.until(lambda: evening.plane.managed.asked == [f"pause {ERP}"], "the pause")
        await me.no_longer_sees("Pause ERP Production?")


async def test_one_that_is_paused_says_so_and_is_resumed_at_once(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.environments.put(an_environment(paused=True, unreachable="old"))
        await me.sees("ERP Production is paused.")
        await me.sees("ERP Production, Production, Paused, 37 sessions")
        await me.presses("Resume")
        await me.until(lambda: evening.plane.managed.asked == [f"resume {ERP}"], "the end of it")
        evening.store.environments.put(an_environment())
        await me.no_longer_sees("ERP Production is paused.")


async def test_a_pause_that_could_not_be_ended_is_told(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.environments.put(an_environment(paused=True))
        evening.plane.managed.error = Offline("gone")
        evening.desktop.management.pause(ERP)
        await me.sees("ERP Production stays paused")
        await me.sees("The control plane does not answer.")


async def test_one_that_cannot_be_read_says_why_and_what_to_do(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        trouble = {"unreachable": EXPIRED, "remedy": RENEW, "trouble": "credentials"}
        evening.store.environments.put(an_environment(**trouble))
        await me.sees("ERP Production cannot be read now.")
        await me.sees(f"{EXPIRED} {RENEW}")
        await me.sees("ERP Production, Production, Credentials not valid")
        await me.presses("Edit")
        await me.sees("Edit ERP Production")


async def test_only_the_open_environment_is_told_of(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.environments.put(an_environment(unreachable=EXPIRED))
        await me.sees(EXPIRED)
        evening.desktop.window.open("payroll")
        await me.no_longer_sees(EXPIRED)
        evening.desktop.window.open(ERP)
        await me.sees(EXPIRED)


async def test_a_lost_line_is_graver(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.environments.put(an_environment(unreachable=EXPIRED))
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Not connected since")
        await me.no_longer_sees(EXPIRED)
        evening.store.set_connection(LineStatus(Line.LIVE, NOW))
        await me.sees(EXPIRED)


async def test_removing_wants_the_name_and_exports_first(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        evening.plane.record = [an_activity(number) for number in range(3)]
        evening.desktop.management.remove(ERP)
        await me.sees("Remove ERP Production from Autosky Desktop?")
        await me.sees("Nothing is changed in its cloud: its machines and images stay.")
        await me.presses("Export its activity")
        chooser = await me.until(lambda: next(visible(QFileDialog), None), "where to write")
        assert Path(chooser.selectedFiles()[0]).name.startswith("activity ERP Production ")
        target = tmp_path / "kept.csv"
        chooser.setDirectory(str(tmp_path))
        chooser.selectFile(str(target))
        chooser.accept()
        await me.sees("3 entries written to kept.csv.")
        assert len(target.read_text("utf-8").splitlines()) == 4
        assert not me.offers("Remove environment")
        await me.types("Type ERP Production to confirm", "erp production")
        await me.presses("Remove environment")
        await me.until(lambda: evening.plane.managed.asked == [f"remove {ERP}"], "the removal")
        await me.until(lambda: QApplication.activeModalWidget() is None, "a closed question")


async def test_its_publications_are_exported_too(qloop: object, me: Person, tmp_path: Path) -> None:
    async with an_evening() as evening:
        evening.desktop.management.remove(ERP)
        await me.presses("Export its publications")
        chooser = await me.until(lambda: next(visible(QFileDialog), None), "where to write")
        target = tmp_path / "kept.csv"
        chooser.setDirectory(str(tmp_path))
        chooser.selectFile(str(target))
        chooser.accept()
        await me.sees("entries written to kept.csv.")
        assert target.read_text("utf-8").startswith("\ufeffStart,Version,")


async def test_its_menu_has_all_of_it(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        sidebar = evening.desktop.window.sidebar
        sidebar._open_menu(ERP, sidebar.mapToGlobal(sidebar.rect().center()))
        await me.chooses("Remove…")
        await me.sees("Remove ERP Production from Autosky Desktop?")
        await me.presses("Go back")
        sidebar._open_menu(ERP, sidebar.mapToGlobal(sidebar.rect().center()))
        await me.chooses("Pause…")
        await me.sees("Pause ERP Production?")
        await me.presses("Go back")
        sidebar._open_menu(ERP, sidebar.mapToGlobal(sidebar.rect().center()))
        await me.chooses("Edit…")
        await me.sees("Edit ERP Production")


async def test_without_a_line_its_menu_says_why_nothing_of_it_can_be(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        sidebar = evening.desktop.window.sidebar
        sidebar._open_menu(ERP, sidebar.mapToGlobal(sidebar.rect().center()))
        found = await me.until(lambda: menu_line("Remove…"), "the line")
        assert not found[1].isEnabled()
        await me.closes_menu()


async def test_the_palette_finds_all_of_it(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.environments.put(an_environment("payroll", "Payroll", paused=True))
        there = {it.text for it in await palette(me)}
        assert {
            "Add environment…", "Edit ERP Production…", "Pause ERP Production…",
            "Remove ERP Production…", "Resume Payroll",
        } <= there  # fmt: skip
