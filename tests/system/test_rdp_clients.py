"""The clients that do not run here, and what is made for them and taken away again."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect import clients, freerdp, mstsc, windows_app
from autosky_desktop.system.connect.freerdp import FreeRdp, outcome
from autosky_desktop.system.connect.mstsc import Mstsc
from autosky_desktop.system.connect.process import ClientFailed, ClientMissing
from autosky_desktop.system.connect.prompting_client import PromptingClient, krdc
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Hop, Target
from autosky_desktop.system.connect.windows_app import WindowsApp

PRINT = "sha256:" + ":".join(["AB"] * 32)
TRUE = Path("/bin/true")

_Out = ConnectionOutcome


def aim(**more: object) -> Target:
    usual: dict[str, object] = {
        "server": "srv-1", "title": "FILE 01", "protocol": Protocol.RDP, "host": "2001:db8::1",
        "port": 3390, "account": "ana", "domain": "ERP", "fingerprint": PRINT,
    }  # fmt: skip
    return Target(**{**usual, **more})  # type: ignore[arg-type]


class Entries:
    """A Credential Manager in memory."""

    def __init__(self, **there: str) -> None:
        self.there = {
            name.replace("__", "/").replace("_", "."): value for name, value in there.items()
        }
        self.written: list[str] = []
        self.full = False

    def account(self, name: str) -> str | None:
        return self.there.get(name)

    def write(self, name: str, account: str, secret: Secret) -> None:
        if self.full:
            raise OSError("no more")
        self.there[name] = account
        self.written.append(f"{name} {account} {secret.reveal().decode()}")

    def delete(self, name: str) -> None:
        self.there.pop(name, None)


def test_freerdp_is_told_all_but_the_password() -> None:
    words = freerdp.arguments("/usr/bin/xfreerdp", 2, aim())
    assert words[:6] == [
        "/usr/bin/xfreerdp", "/v:[2001:db8::1]:3390", "/u:ana", "/d:ERP", "/from-stdin:force",
        f"/cert:deny,fingerprint:{PRINT}",
    ]  # fmt: skip


def test_freerdp_takes_a_user_of_the_cloud_whole() -> None:
    words = freerdp.arguments("x", 3, aim(domain="azureAD", account="ana@corp.example"))
    assert words[2:4] == ["/u:azureAD\\ana@corp.example", "/d:"]


def test_each_freerdp_is_told_of_the_gateway_in_its_own_way() -> None:
    target = aim(gateway=Hop(host="gw.example", port=443, fingerprint=PRINT))
    assert freerdp.arguments("x", 2, target)[-1] == "/g:gw.example:443"
    assert freerdp.arguments("x", 3, target)[-1] == "/gateway:g:gw.example:443"
    assert f"/cert:deny,fingerprint:{PRINT},fingerprint:{PRINT}" in freerdp.arguments(
        "x", 2, target
    )


def test_no_freerdp_takes_a_server_without_a_certificate() -> None:
    through = aim(gateway=Hop(host="gw.example", port=443, fingerprint=PRINT))
    assert "-sec-rdp" in freerdp.arguments("x", 2, through)
    assert "/sec:rdp:off" in freerdp.arguments("x", 3, through)
    assert "/sec:nla" in freerdp.arguments("x", 3, aim(signs_in_first=True))
    assert "/sec:tls" in freerdp.arguments("x", 3, aim(signs_in_first=False))


@pytest.mark.parametrize("gateway", [None, Hop(host="gw.example", port=443, account="other")])
def test_nothing_is_started_that_could_not_be_private(gateway: Hop | None) -> None:
    target = aim(fingerprint="" if gateway is None else PRINT, gateway=gateway)
    with pytest.raises(ClientFailed):
        asyncio.run(FreeRdp(TRUE).open(target, Secret("x")))


@pytest.mark.parametrize(
    ("code", "shown", "nla", "told"),
    [
        (0, True, True, _Out.CLOSED), (12, True, False, _Out.CLOSED), (1, True, True, _Out.CLOSED),
        (1, False, True, _Out.CLIENT_FAILED), (131, True, True, _Out.LOST),
        (131, False, True, _Out.UNREACHABLE), (147, True, True, _Out.LOST),
        (147, False, True, _Out.WRONG_PASSWORD), (147, False, False, _Out.REFUSED),
        (143, False, True, _Out.UNTRUSTED), (140, False, True, _Out.UNREACHABLE),
        (18, False, True, _Out.REFUSED), (160, False, True, _Out.REFUSED),
        (132, False, True, _Out.WRONG_PASSWORD), (23, False, True, _Out.CLIENT_FAILED),
        (-9, True, True, _Out.CLIENT_FAILED),
    ],
)  # fmt: skip
def test_what_exit_codes_say(code: int, shown: bool, nla: bool, told: ConnectionOutcome) -> None:
    assert outcome(code, shown=shown, signs_in_first=nla) is told


def test_a_credential_is_lent_and_taken_away() -> None:
    entries = Entries()

    async def work() -> None:
        session = await Mstsc(TRUE, entries).open(aim(host="srv.example"), Secret("pw"))
        await session.ended()

    asyncio.run(work())
    assert entries.written == ["TERMSRV/srv.example ERP\\ana pw"]
    assert entries.there == {}


def test_somebodys_own_credential_stays_as_it_is() -> None:
    entries = Entries(TERMSRV__srv_example="erp\\ANA")

    async def work() -> None:
        session = await Mstsc(TRUE, entries).open(aim(host="srv.example"), Secret("pw"))
        await session.ended()
        session.leave()

    asyncio.run(work())
    assert entries.there == {"TERMSRV/srv.example": "erp\\ANA"}


def test_nobody_is_signed_in_as_somebody_else() -> None:
    entries = Entries(TERMSRV__srv_example="ERP\\other")
    with pytest.raises(ClientFailed, match="other-credential"):
        asyncio.run(Mstsc(TRUE, entries).open(aim(host="srv.example"), Secret("pw")))
    assert entries.there == {"TERMSRV/srv.example": "ERP\\other"}
    assert entries.written == []


def test_a_client_that_is_not_there_leaves_no_credential() -> None:
    entries = Entries()
    with pytest.raises(ClientMissing):
        asyncio.run(Mstsc(Path("/no/mstsc"), entries).open(aim(), Secret("pw")))
    assert entries.there == {}


def test_a_credential_manager_that_refuses_is_told() -> None:
    entries = Entries()
    entries.full = True
    with pytest.raises(ClientFailed):
        asyncio.run(Mstsc(TRUE, entries).open(aim(), Secret("pw")))


def test_mstsc_is_told_where() -> None:
    target = aim(gateway=Hop(host="gw.example", port=443))
    assert mstsc.arguments("mstsc", target) == ["mstsc", "/v:[2001:db8::1]:3390", "/g:gw.example"]


def test_the_file_for_windows_app_is_the_persons_own_and_goes_away(tmp_path: Path) -> None:
    async def work() -> None:
        # no such program here: the file that was made for it is gone again
        with pytest.raises(ClientMissing):
            await WindowsApp(Path("/Applications/Windows App.app"), tmp_path).open(aim(), None)

    if not Path("/usr/bin/open").exists():
        asyncio.run(work())
    assert list(tmp_path.iterdir()) == []
    file = WindowsApp(TRUE, tmp_path)._write(windows_app.text(aim()))
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600  # noqa: PTH116
    assert "full address:s:[2001:db8::1]:3390\r\nusername:s:ERP\\ana\r\n" in windows_app.text(aim())
    assert "password" not in windows_app.text(aim())


def test_a_foreign_client_gets_an_address_only_and_no_gateway() -> None:
    assert krdc("krdc", aim()) == ["krdc", "rdp://ERP%5Cana@[2001:db8::1]:3390"]
    target = aim(gateway=Hop(host="gw.example", port=443))
    with pytest.raises(ClientFailed):
        asyncio.run(PromptingClient(TRUE, krdc).open(target, None))


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ({"ID": "debian", "VERSION_ID": "12"}, "sudo apt install freerdp2-x11"),
        ({"ID": "debian", "VERSION_ID": "13"}, "sudo apt install freerdp3-x11"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "sudo apt install freerdp3-x11"),
        ({"ID": "fedora"}, "sudo dnf install freerdp"),
        ({"ID": "opensuse-leap", "ID_LIKE": "suse opensuse"}, "sudo zypper install freerdp"),
        ({"ID": "unheard-of"}, ""),
    ],
)
def test_what_to_install_where(
    release: dict[str, str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: release)
    assert clients.advice(Protocol.RDP).command == command


def test_a_client_that_flatpak_has_installed_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder is in no PATH on many systems."""
    programs = tmp_path / "flatpak/exports/bin"
    programs.mkdir(parents=True)
    (programs / "org.remmina.Remmina").write_text("#!/bin/sh\n")
    (programs / "org.remmina.Remmina").chmod(0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    [found] = clients.found(Protocol.RDP)
    assert (found.id, found.path) == ("remmina", programs / "org.remmina.Remmina")
    assert not found.takes_password


def test_the_chosen_client_is_taken_and_the_best_where_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("xfreerdp", "remmina"):
        (tmp_path / name).write_text("#!/bin/sh\necho This is FreeRDP version 2.11.7 \\(n/a\\)\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [client.id for client in clients.found(Protocol.RDP)] == ["xfreerdp", "remmina"]
    taken = {wanted: clients.chosen(Protocol.RDP, wanted) for wanted in ("remmina", "krdc", "")}
    assert [client and client.id for client in taken.values()] == [
        "remmina",
        "xfreerdp",
        "xfreerdp",
    ]
    remmina = taken["remmina"]
    assert remmina
    assert not clients.launcher(remmina).takes_password
    monkeypatch.setenv("PATH", "/nowhere")
    assert clients.chosen(Protocol.RDP, "") is None


def test_freerdp_says_its_version(tmp_path: Path) -> None:
    program = tmp_path / "xfreerdp"
    with pytest.raises(ClientMissing):
        freerdp.told_version(program)
    program.write_text("#!/bin/sh\necho This is FreeRDP version 2.11.7 \\(n/a\\)\n")
    program.chmod(0o755)
    assert freerdp.told_version(program) == "2.11.7"
    program.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(ClientFailed):
        freerdp.told_version(program)
