"""What is remembered belongs to one control plane, and what was before there were ids is moved."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.server.db import storage
from autosky_desktop.system.before_ids import DATABASE, OWN, SHARED, Before
from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.kept_file import KeptFile
from autosky_desktop.system.known_planes import Known, KnownPlanes, Meeting
from autosky_desktop.system.plane_files import KeptReminders
from autosky_desktop.system.settings import OF_PLANE as OF_PLANE_NAMES
from tests.support.planes import A_PLANE, ANOTHER_PLANE
from tests.support.remembered import (
    COMMON,
    NOON,
    OF_PLANE,
    PIN,
    TOLD,
    Computer,
    Ended,
    as_json,
    ends_after,
    of_both,
)


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path, tmp_path / "settings")


def test_everything_from_before_is_the_control_planes_of_the_usual_folder(
    computer: Computer,
) -> None:
    computer.remembers()
    first = computer.starts(computer.data("usual"))
    assert first.meeting is Meeting.NEW
    assert first.has_all
    left = json.loads((computer.settings / "settings.json").read_bytes())
    assert (left["theme"], left["reminders"], left["tab"]) == ("dark", [15], "publish")
    assert not OF_PLANE_NAMES & left.keys()
    assert not [it for it in (*SHARED, *OWN) if (computer.settings / it).exists()]


def test_a_second_start_moves_nothing_more(computer: Computer) -> None:
    computer.remembers()
    computer.starts(computer.data("usual"))
    computer.write(computer.settings / "trusted-servers.json", as_json([PIN, PIN]))
    before = computer.files()
    again = computer.starts(computer.usual)
    assert again.meeting is Meeting.KNOWN
    assert again.has_all
    assert computer.files() == before


def test_another_data_folder_gets_what_is_its_own_and_leaves_the_rest(computer: Computer) -> None:
    computer.data("usual")
    other = computer.data("other")
    computer.remembers()
    computer.owes(other)
    started = computer.starts(other, ANOTHER_PLANE)
    assert started.has_own
    assert Trust(started.preferences.plane_folder).pins == []
    assert started.preferences.settings == COMMON
    assert computer.starts(computer.usual).has_all


def test_the_only_data_folder_there_is_gets_everything_wherever_it_is(computer: Computer) -> None:
    other = computer.data("other")
    computer.remembers(beside=other)
    assert computer.starts(other).has_all
    assert computer.starts(computer.data("usual"), ANOTHER_PLANE).has_nothing


def test_a_control_plane_that_is_just_begun_gets_nothing(computer: Computer) -> None:
    computer.remembers()
    assert computer.starts(computer.usual).has_nothing
    assert computer.starts(computer.folder / "other", ANOTHER_PLANE).has_nothing
    assert Trust(computer.settings).pins == [PIN]


def test_two_that_know_a_server_of_one_id_share_nothing(computer: Computer) -> None:
    one = computer.starts(computer.usual)
    another = computer.starts(computer.folder / "other", ANOTHER_PLANE)
    Trust(one.planes.folder).pin(PIN)
    one.preferences.keep(of_both())
    assert another.has_nothing
    assert computer.starts(computer.folder / "other", ANOTHER_PLANE).has_nothing
    again = computer.starts(computer.usual)
    assert Trust(again.planes.folder).known("prep", Protocol.SSH) == PIN
    assert again.preferences.settings == of_both()


def test_a_fresh_demo_in_the_same_folder_is_another_one_and_the_first_one_stays_known(
    computer: Computer,
) -> None:
    computer.remembers()
    computer.starts(computer.data("usual"))
    anew = computer.starts(computer.usual, ANOTHER_PLANE)
    assert anew.meeting is Meeting.REPLACES
    assert anew.has_nothing
    put_back = computer.starts(computer.usual)
    assert put_back.meeting is Meeting.KNOWN
    assert put_back.has_all


def test_what_the_last_one_there_was_told_is_known_before_it_is_met(computer: Computer) -> None:
    computer.remembers()
    computer.starts(computer.data("usual"))
    planes = KnownPlanes(
        computer.settings,
        computer.usual,
        Before(computer.settings, computer.usual, computer.usual),
    )
    assert KeptReminders(lambda: planes.folder).load() == TOLD


def test_of_several_that_were_there_the_last_one_counts_before_it_is_met(
    computer: Computer,
) -> None:
    before = Before(computer.settings, computer.usual, computer.usual)
    moments = iter([NOON, NOON + timedelta(hours=2), NOON + timedelta(hours=1)])

    def started() -> KnownPlanes:
        return KnownPlanes(computer.settings, computer.usual, before, lambda: next(moments))

    started().meet(A_PLANE)
    last = started()
    last.meet(ANOTHER_PLANE)
    started().meet(A_PLANE)
    assert started().folder == last.folder


def test_a_copied_data_folder_is_a_stranger_until_the_person_says_that_it_was_moved(
    computer: Computer,
) -> None:
    computer.remembers()
    computer.starts(computer.data("usual"))
    copy = computer.data("copy")
    there = computer.starts(copy)
    assert there.meeting is Meeting.ELSEWHERE
    assert there.has_nothing
    assert computer.starts(copy).has_nothing
    assert computer.starts(computer.usual).has_all
    there.planes.moved_here()
    moved = computer.starts(copy)
    assert moved.meeting is Meeting.KNOWN
    assert moved.has_all
    left = computer.starts(computer.usual)
    assert left.meeting is Meeting.ELSEWHERE
    assert left.has_nothing


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", bytes(range(256))])
def test_one_of_which_it_cannot_be_read_where_it_was_keeps_what_is_remembered(
    computer: Computer, damage: bytes
) -> None:
    computer.remembers()
    folder = computer.starts(computer.data("usual")).planes.folder
    (folder / "plane.json").write_bytes(damage)
    there = computer.starts(computer.usual)
    assert there.meeting is Meeting.KNOWN
    assert there.has_all
    assert there.planes.lost == ("plane.json", str(folder / "plane.damaged"))
    assert (folder / "plane.damaged").read_bytes() == damage
    assert [it.name for it in (computer.settings / "planes").iterdir()] == [A_PLANE]
    again = computer.starts(computer.usual)
    assert (again.meeting, again.planes.lost) == (Meeting.KNOWN, None)
    assert computer.starts(computer.data("copy")).meeting is Meeting.ELSEWHERE


def test_a_start_that_met_nobody_does_not_make_a_damaged_file_one_of_nobody(
    computer: Computer,
) -> None:
    computer.remembers()
    folder = computer.starts(computer.data("usual")).planes.folder
    (folder / "plane.json").write_bytes(b"{")
    KnownPlanes(
        computer.settings, computer.usual, Before(computer.settings, computer.usual, computer.usual)
    )
    there = computer.starts(computer.usual)
    assert there.meeting is Meeting.KNOWN
    assert there.planes.lost == ("plane.json", str(folder / "plane.damaged"))


def test_one_of_which_nothing_is_kept_where_it_was_is_a_stranger_too(computer: Computer) -> None:
    computer.remembers()
    file = computer.starts(computer.data("usual")).planes.folder / "plane.json"
    file.unlink()
    there = computer.starts(computer.usual)
    assert there.meeting is Meeting.ELSEWHERE
    assert there.has_nothing
    there.planes.moved_here()
    assert computer.starts(computer.usual).has_all


def test_a_link_to_the_data_folder_leads_to_the_same_one(computer: Computer) -> None:
    computer.starts(computer.data("usual"))
    (computer.folder / "link").symlink_to(computer.usual)
    assert computer.starts(computer.folder / "link").meeting is Meeting.KNOWN


def test_a_program_that_is_ended_while_it_moves_things_goes_on_with_the_next_start(
    computer: Computer,
) -> None:
    """After every single file that it changes, and between the copy and the end of the first."""
    usual = computer.data("usual")
    for steps in range(1, 20):
        computer.remembers()
        with ends_after(steps):
            try:
                computer.starts(usual)
            except Ended:
                ended = True
            else:
                ended = False
        assert computer.starts(usual).has_all, steps
        if not ended:
            assert steps > 8
            return
        for file in computer.files():
            (computer.folder / file).unlink()
        for folder in (computer.settings / "planes").iterdir():
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
    raise AssertionError("it never came to its end")


def test_what_another_version_kept_meanwhile_is_left_where_it_is(computer: Computer) -> None:
    computer.remembers()
    usual = computer.data("usual")
    with ends_after(7), pytest.raises(Ended):
        computer.starts(usual)
    newer, file = as_json([PIN, PIN]), computer.settings / "trusted-servers.json"
    computer.write(file, newer)
    assert Trust(computer.starts(usual).planes.folder).pins == [PIN]
    assert file.read_text() == newer


def test_settings_that_another_version_changed_meanwhile_are_left_where_they_are(
    computer: Computer,
) -> None:
    computer.remembers()
    usual, file = computer.data("usual"), computer.settings / "settings.json"
    with ends_after(3), pytest.raises(Ended):
        computer.starts(usual)
    computer.write(file, '{"favourites": ["another"], "theme": "dark"}')
    assert computer.starts(usual).preferences.settings.favourites == OF_PLANE.favourites
    assert json.loads(file.read_bytes())["favourites"] == ["another"]


def test_what_an_older_version_kept_later_goes_to_no_other_control_plane(
    computer: Computer,
) -> None:
    computer.remembers()
    computer.starts(computer.data("usual"))
    computer.remembers()
    assert computer.starts(computer.usual, ANOTHER_PLANE).has_nothing
    assert Trust(computer.settings).pins == [PIN]


def test_where_no_folder_can_be_made_it_is_used_as_it_is(
    computer: Computer, caplog: pytest.LogCaptureFixture
) -> None:
    computer.remembers()
    usual = computer.data("usual")
    (computer.settings / "planes").write_text("in the way")
    assert computer.starts(usual).has_all
    assert "could not be kept" in caplog.text
    (computer.settings / "planes").unlink()
    assert computer.starts(usual).has_all


def test_it_is_the_control_planes_database_that_is_looked_for() -> None:
    assert DATABASE == storage.FILE


def test_only_its_owner_reads_what_was_moved(computer: Computer) -> None:
    computer.remembers()
    before = os.umask(0o077)
    try:
        folder = computer.starts(computer.data("usual")).planes.folder
    finally:
        os.umask(before)
    assert {it.stat().st_mode & 0o077 for it in (folder, *folder.iterdir())} == {0}


def test_a_link_to_a_file_elsewhere_is_moved_by_its_content(computer: Computer) -> None:
    computer.remembers()
    file, dotfiles = computer.settings / "trusted-servers.json", computer.folder / "dotfiles"
    dotfiles.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(os.path.relpath(dotfiles, file.parent))
    assert computer.starts(computer.data("usual")).has_all


def test_what_is_kept_of_a_meeting_is_what_was_met(computer: Computer) -> None:
    folder = computer.starts(computer.data("usual")).planes.folder
    assert folder == computer.settings / "planes" / A_PLANE
    found = KeptFile(folder / "plane.json", Known).read()
    assert found == Known(
        id=A_PLANE, place=str(computer.usual.resolve()), met_at=NOON, took_over=True, whole=True
    )
