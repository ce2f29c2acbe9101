"""The look at an RDP server goes to the address, and asks for the name, that FreeRDP will."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect import probe
from autosky_desktop.system.connect.freerdp import FreeRdp
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target
from autosky_desktop.words import connecting as words
from tests.support import own_files, rdp
from tests.support.rdp_names import proxy
from tests.support.screen import virtual_screen
from tests.support.silence import silent_on_ipv6
from tests.support.slow_names import asked_alone, slow_names

pytestmark = [
    pytest.mark.skipif(bool(rdp.missing("xfreerdp", "openssl")), reason="there is no xfreerdp"),
    # a stream that spoke TLS and was aborted does not know that it is closed
    pytest.mark.filterwarnings("ignore:loop is closed:ResourceWarning"),
]

LOOK = (
    "import asyncio, sys\nfrom autosky_desktop.system.connect import probe\n"
    "print(asyncio.run(probe.rdp(sys.argv[1], int(sys.argv[2]))).fingerprint)"
)


def looked(name: str, port: int, files: dict[str, Path]) -> str:
    """What is seen on a computer to which the system's files say that."""
    words = [*own_files.told(files), sys.executable, "-c", LOOK, name, str(port)]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def test_a_server_that_is_known_by_its_name_is_asked_for_by_that(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one behind a proxy, which has a certificate for each name. Nobody is signed in here."""

    async def work(port: int) -> ConnectionOutcome:
        seen = await probe.rdp("localhost", port)
        target = Target(
            server="srv-1", title="FILE 01", protocol=Protocol.RDP, host="localhost", port=port,
            account="ana", fingerprint=seen.fingerprint,
        )  # fmt: skip
        with Secret("M4rker") as secret:
            session = await FreeRdp(Path(shutil.which("xfreerdp") or "")).open(target, secret)
        assert not await session.shown()
        return (await session.ended()).outcome

    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    with virtual_screen() as display, proxy(folder, "localhost") as (port, it):
        monkeypatch.setenv("DISPLAY", display)
        assert asyncio.run(work(port)) is not ConnectionOutcome.UNTRUSTED
        assert it.asked[:2] == ["localhost", "localhost"]


def test_a_gateway_is_asked_for_by_its_name(folder: Path) -> None:
    with proxy(folder, "localhost", negotiates=False) as (port, it):
        seen = asyncio.run(probe.tls("localhost", port))
    assert seen.fingerprint == it.fingerprint


def test_an_address_that_leads_nowhere_is_no_hindrance(folder: Path) -> None:
    hosts = folder / "hosts"
    hosts.write_text("::1 both.example\n127.0.0.1 both.example\n")
    with proxy(folder, "both.example") as (port, it), silent_on_ipv6(port):
        assert looked("both.example", port, {"/etc/hosts": hosts}) == it.fingerprint


def test_a_name_may_take_longer_to_be_found_than_a_server_to_answer(folder: Path) -> None:
    with slow_names(probe.ANSWER_SECONDS + 1), proxy(folder, "db.example") as (port, it):
        assert looked("db.example", port, asked_alone(folder)) == it.fingerprint


def test_a_server_that_lets_go_while_somebody_signs_in_may_have_another_reason() -> None:
    told = words.ended(
        ConnectionOutcome.WRONG_PASSWORD, server="FILE 01", account="ana", reason="dropped"
    )
    assert told.startswith("The server refused this user or password. If both are right,")
    assert "license" in told
