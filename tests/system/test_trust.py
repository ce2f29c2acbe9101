"""Whom this computer trusts: kept until a person forgets it, and never lost without a word."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect.trust import FILE, Pin, Trust, Untrustworthy

SINCE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def a_pin(server: str = "srv-1", protocol: Protocol = Protocol.RDP, mark: str = "AB") -> Pin:
    return Pin(
        server=server, protocol=protocol, fingerprint="sha256:" + ":".join([mark] * 32),
        name=server.upper(), address="10.20.0.31", since=SINCE,
    )  # fmt: skip


def test_a_pin_outlives_the_program(tmp_path: Path) -> None:
    Trust(tmp_path / "new").pin(a_pin())
    assert Trust(tmp_path / "new").known("srv-1", Protocol.RDP) == a_pin()


def test_each_protocol_of_a_server_shows_something_of_its_own(tmp_path: Path) -> None:
    trust = Trust(tmp_path)
    trust.pin(a_pin())
    assert trust.known("srv-1", Protocol.SSH) is None
    assert trust.known("srv-2", Protocol.RDP) is None


def test_a_new_pin_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    trust = Trust(tmp_path)
    trust.pin(a_pin())
    trust.pin(a_pin(mark="CD"))
    assert trust.pins == [a_pin(mark="CD")]


def test_what_is_forgotten_is_asked_about_again(tmp_path: Path) -> None:
    trust = Trust(tmp_path)
    trust.pin(a_pin())
    trust.pin(a_pin("srv-2"))
    trust.forget("srv-1", Protocol.RDP)
    trust.forget("nobody", Protocol.RDP)
    assert Trust(tmp_path).pins == [a_pin("srv-2")]


def test_windows_that_are_open_together_trust_the_same(tmp_path: Path) -> None:
    one, another = Trust(tmp_path), Trust(tmp_path)
    assert one.pins == another.pins == []
    one.pin(a_pin())
    another.pin(a_pin("srv-2"))
    assert one.pins == another.pins == [a_pin(), a_pin("srv-2")]
    another.forget("srv-1", Protocol.RDP)
    one.pin(a_pin("srv-3"))
    assert Trust(tmp_path).pins == [a_pin("srv-2"), a_pin("srv-3")]


def test_only_the_person_can_read_the_file(tmp_path: Path) -> None:
    Trust(tmp_path).pin(a_pin())
    assert (tmp_path / FILE).exists()
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("damage", [b"", b"{", b'[{"server": "srv-1"}]', b"\xff\xfe"])
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    trust = Trust(tmp_path)
    with pytest.raises(Untrustworthy) as told:
        trust.known("srv-1", Protocol.RDP)
    assert Path(told.value.aside).read_bytes() == damage
    assert trust.pins == []


def test_a_file_that_cannot_be_read_nor_moved_makes_nobody_new(tmp_path: Path) -> None:
    blocked = tmp_path / FILE
    blocked.mkdir()
    (blocked.with_suffix(".damaged")).write_text("in the way")
    trust = Trust(tmp_path)
    for _ in range(2):
        with pytest.raises(Untrustworthy) as told:
            trust.known("srv-1", Protocol.RDP)
        assert told.value.aside == ""
