"""Connections that are not recorded yet are kept whole, for their owner alone, or start afresh."""

import sys
from pathlib import Path

import pytest

from autosky_desktop.domain.connection import ConnectionBegun, ConnectionOutcome
from autosky_desktop.system.plane_files import FILE, Owed, OwedConnections

ONE = Owed(
    operator="ana", server="prep", begin_key="a", end_key="b",
    begun=ConnectionBegun(account="ana", address="10.0.0.1", protocol="rdp"),
    outcome=ConnectionOutcome.CLOSED,
)  # fmt: skip


def test_what_is_kept_is_there_at_the_next_start(tmp_path: Path) -> None:
    kept = OwedConnections(tmp_path / "new")
    assert not kept.there()
    kept.save([ONE])
    assert OwedConnections(tmp_path / "new").load() == [ONE]
    assert (tmp_path / "new" / FILE).exists()
    if sys.platform != "win32":
        assert (tmp_path / "new" / FILE).stat().st_mode & 0o777 == 0o600
    kept.save([])
    assert not kept.there()
    assert kept.load() == []


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b'[{"server": 3}]', b"[" * 100_000])
def test_a_damaged_file_starts_afresh_with_a_warning(
    damage: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_bytes(damage)
    kept = OwedConnections(tmp_path)
    assert kept.load() == []
    assert "could not be read" in caplog.text
    kept.save([ONE])
    assert kept.load() == [ONE]


def test_a_folder_that_cannot_be_written_costs_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    OwedConnections(tmp_path / "file").save([ONE])
    assert "could not be kept" in caplog.text
