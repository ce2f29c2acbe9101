"""The end of a certificate, as openssl reads it; what is none has no end, and breaks nothing."""

import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosky_desktop.system.connect import certificate


def made(folder: Path, days: int) -> tuple[bytes, str]:
    """One that is valid so long, and what openssl says of its end."""
    file = folder / "made.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", str(days), "-subj", "/O=Büro/CN=file-01", "-utf8"]
    subprocess.run(
        [*command, "-keyout", str(folder / "key"), "-out", str(file)],
        check=True,
        capture_output=True,
    )
    said = subprocess.run(
        ["openssl", "x509", "-in", str(file), "-noout", "-enddate"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return ssl.PEM_cert_to_DER_cert(file.read_text()), said.strip().removeprefix("notAfter=")


@pytest.mark.parametrize("days", [1, 183, 20_000], ids=["a day", "half a year", "until 2081"])
def test_the_end_is_the_one_that_openssl_reads(tmp_path: Path, days: int) -> None:
    shown, said = made(tmp_path, days)
    end = datetime.strptime(said, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
    assert certificate.end(shown) == end


def test_a_certificate_that_is_cut_off_anywhere_has_no_end(tmp_path: Path) -> None:
    shown, _said = made(tmp_path, 1)
    assert {certificate.end(shown[:length]) for length in range(len(shown))} == {None}
    assert {certificate.key(shown[:length]) for length in range(len(shown))} == {""}


@given(st.binary(max_size=300))
def test_what_is_no_certificate_has_no_end(anything: bytes) -> None:
    assert certificate.end(anything) is None
    assert certificate.key(anything) == ""
