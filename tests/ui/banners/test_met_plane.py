"""A control plane that is not the one that was here says so, and what is remembered is its own."""

from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from autosky_desktop.domain.environment import Me
from autosky_desktop.domain.inbox import Entry, Kept
from autosky_desktop.system.before_ids import Before
from autosky_desktop.system.known_planes import KnownPlanes, Meeting
from autosky_desktop.system.plane_files import KeptReminders
from autosky_desktop.ui.background.parts import SystemParts
from autosky_desktop.ui.tray.host import TrayHost
from tests.support.background import Quiet
from tests.support.evening import Evening, an_evening
from tests.support.notifier import FakeNotifier
from tests.support.person import Person
from tests.support.planes import A_PLANE, ANOTHER_PLANE


def known(folder: Path, data: str = "data") -> KnownPlanes:
    before = Before(folder, folder / data, folder / data)
    return KnownPlanes(folder, folder / data, before)


def meets(evening: Evening, planes: KnownPlanes, identity: str = A_PLANE) -> None:
    me = Me(operator="ana", control_plane="Test", control_plane_id=identity, version="1")
    evening.desktop.meet(me, planes)


async def test_of_one_that_is_known_or_the_first_one_there_nothing_is_said(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        meets(evening, known(tmp_path))
        meets(evening, known(tmp_path))
        assert not me.offers("Dismiss")
        assert not me.offers("It was moved")


async def test_another_one_in_its_place_is_said_and_has_nothing_of_it(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        meets(evening, known(tmp_path))
        settings = evening.preferences.settings
        evening.preferences.keep(replace(settings, favourites=("payroll",), environment="payroll"))
        meets(evening, known(tmp_path), ANOTHER_PLANE)
        await me.sees("This is a different control plane from last time.")
        assert evening.preferences.settings.favourites == ()
        await me.presses("Dismiss")
        await me.no_longer_sees("This is a different control plane from last time.")


async def test_a_copy_has_what_is_remembered_once_the_person_says_that_it_was_moved(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        meets(evening, known(tmp_path))
        evening.preferences.keep(replace(evening.preferences.settings, favourites=("payroll",)))
        meets(evening, known(tmp_path, "copy"))
        await me.sees("You know this control plane from another folder.")
        assert evening.preferences.settings.favourites == ()
        await me.presses("It was moved")
        await me.sees("What you remembered is used from the next start on.")
        await me.presses("Dismiss")
        await me.no_longer_sees("What you remembered is used from the next start on.")
        again = known(tmp_path, "copy")
        assert again.meet(A_PLANE) is Meeting.KNOWN
        evening.preferences.go_to(again.folder)
        assert evening.preferences.settings.favourites == ("payroll",)


async def test_it_comes_back_to_the_environment_that_was_open_on_that_control_plane(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        meets(evening, known(tmp_path))
        evening.preferences.keep(replace(evening.preferences.settings, environment="payroll"))
        window, environments = evening.desktop.window, list(evening.store.environments)
        window.environment = ""  # as at the start
        meets(evening, known(tmp_path))
        assert window.opens_first(environments) == "payroll"
        meets(evening, known(tmp_path), ANOTHER_PLANE)
        assert window.opens_first(environments) == "erp-production"


async def test_its_favourites_stand_first_and_not_those_of_another_one(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        sidebar = evening.desktop.window.sidebar
        meets(evening, known(tmp_path))
        evening.preferences.keep(replace(evening.preferences.settings, favourites=("payroll",)))
        assert sidebar._favourites == {"payroll"}
        meets(evening, known(tmp_path), ANOTHER_PLANE)
        assert sidebar._favourites == frozenset()
        meets(evening, known(tmp_path))
        assert sidebar._favourites == {"payroll"}


async def test_reminders_go_on_with_what_was_told_of_the_one_that_is_met(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    entry = Entry(id="soon", news="soon", told_at=noon, environment="x", name="Told of the first")
    async with an_evening() as evening:
        first = known(tmp_path)
        meets(evening, first)
        keeping = KeptReminders(lambda: evening.preferences.plane_folder)
        keeping.save(Kept(entries=(entry,)))
        desktop = evening.desktop
        desktop.background.watch(
            lambda: SystemParts(keeping, FakeNotifier(), Quiet, TrayHost(lambda: False))
        )
        desktop.background.begin()
        watching = desktop.background.services
        assert watching
        assert watching.remind.entries == (entry,)
        meets(evening, known(tmp_path), ANOTHER_PLANE)
        assert watching.remind.entries == ()
        meets(evening, known(tmp_path))
        assert watching.remind.entries == (entry,)


async def test_settings_of_it_that_cannot_be_read_are_told(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        planes = known(tmp_path)
        meets(evening, planes)
        (planes.folder / "settings.json").write_text('{"favourites": 7}')
        meets(evening, known(tmp_path))
        await me.sees("Some settings could not be read and were reset to their defaults:")


async def test_a_damaged_file_of_where_it_was_is_told_and_the_rest_is_used(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with an_evening() as evening:
        planes = known(tmp_path)
        meets(evening, planes)
        evening.preferences.keep(replace(evening.preferences.settings, favourites=("payroll",)))
        (planes.folder / "plane.json").write_bytes(bytes(range(256)))
        meets(evening, known(tmp_path))
        await me.sees("The file that says where this control plane has its data could not be read.")
        await me.sees(f"The original file was kept as {planes.folder / 'plane.damaged'}")
        assert evening.preferences.settings.favourites == ("payroll",)
        assert not me.offers("It was moved")
