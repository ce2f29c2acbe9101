"""Hostile targets through ssh's command lines and scripts, and whose prompt is answered."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from msgspec.structs import replace

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect import ssh_windows, ssh_words, terminals
from autosky_desktop.system.connect.answering import AskpassListener, is_ours
from autosky_desktop.system.connect.askpass import asked
from autosky_desktop.system.connect.process import ClientFailed
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Hop, Hostile, Target
from tests.support.hostile import CASES, Case, aimed, honest
from tests.support.waiting import eventually

SHOWN = "SHA256:" + "A" * 43
FOLDER = Path("/run/user/0/autosky/ssh-1")


def words_of(aim: Target) -> list[str]:
    return ssh_words.arguments("/usr/bin/ssh", aim, FOLDER, hands_over=True)


@given(CASES)
def test_a_hostile_target_adds_no_word_and_leaves_no_quote(case: Case) -> None:
    try:
        aim = aimed(case)
    except Hostile:
        return
    words, meant = words_of(aim), words_of(honest(aim))
    assert words[:-5] == meant[:-5]
    assert words[-5:] == [str(aim.port), "-l", ssh_words.account(aim), "--", aim.host]
    assert shlex.join(words[1:]) in ssh_words.script(words, FOLDER, hands_over=True)
    assert ssh_words.known("", aim.fingerprint).count("\n") == 2
    looks = ssh_words.looking("ssh", aim.host, aim.port, ssh_words.account(aim))
    assert looks[:-5] == ssh_words.looking("ssh", "db", 22, "ana")[:-5]
    assert looks[-5:] == words[-5:]
    for name in (*terminals.TERMINALS, *terminals.APPLICATIONS):
        run = terminals.arguments(name, name, aim.title, "/run/1")
        assert len(run) == len(terminals.arguments(name, name, "t", "/run/1"))


@given(CASES)
def test_a_hostile_target_adds_no_word_on_windows(case: Case) -> None:
    try:
        aim = replace(aimed(case), gateway=None, protocol=Protocol.SSH)
    except Hostile:  # as an account with a quote, which is one of a server for RDP alone
        return
    words = ssh_windows.arguments("C:/ssh.exe", aim, FOLDER)
    meant = ssh_windows.arguments("C:/ssh.exe", honest(aim), FOLDER)
    assert words[:-5] == meant[:-5]
    assert words[-5:] == [str(aim.port), "-l", ssh_words.account(aim), "--", aim.host]
    assert not {'"', "\n"} & set("".join(words[-5:]))


@pytest.mark.skipif(not shutil.which("ssh"), reason="there is no ssh here")
def test_a_persons_own_configuration_says_nothing_of_whom_to_trust(tmp_path: Path) -> None:
    """By ssh itself, which says what it would do (-G)."""
    config = tmp_path / "config"
    config.write_text(
        "Host *\nStrictHostKeyChecking no\nUserKnownHostsFile /x\nCompression yes\n"
        "KnownHostsCommand /x\nPermitLocalCommand no\nUpdateHostKeys yes\nControlPath /x\n"
        "VerifyHostKeyDNS yes\nNoHostAuthenticationForLocalhost yes\n"
    )
    aim = Target(server="s", title="t", protocol=Protocol.SSH, host="db", port=22, account="ana")
    program, *words = ssh_words.arguments("ssh", aim, tmp_path, hands_over=True, own=True)
    assert "-F" not in words
    told = [program, "-G", "-F", str(config), *words]
    said = subprocess.run(told, capture_output=True, text=True, check=True).stdout.splitlines()
    meant = {
        "compression yes",
        "stricthostkeychecking true",
        "userknownhostsfile none",
        f"knownhostscommand /bin/sh {tmp_path}/known %H %f %t %K %h %k",
        "permitlocalcommand yes",
        "updatehostkeys false",
        "verifyhostkeydns false",
        "nohostauthenticationforlocalhost no",
    }
    assert not meant - set(said)
    assert "controlpath /x" not in said


def test_there_is_time_to_type_the_password_of_a_jump_host() -> None:
    hop = Hop(host="gw", port=22, account="ben", fingerprint=SHOWN)
    aim = Target(
        server="s", title="t", protocol=Protocol.SSH, host="db", port=22, account="ana",
        fingerprint=SHOWN, gateway=hop,
    )  # fmt: skip
    assert f"ConnectTimeout={ssh_words.HOP_SECONDS}" in words_of(aim)
    assert "ConnectTimeout=10 " in ssh_words.hop("ssh", aim, hop, FOLDER)
    assert "ConnectTimeout=10" in words_of(replace(aim, gateway=None))


@pytest.mark.parametrize(
    ("file", "outcome", "reason"),
    [
        (ssh_words.SAID, ConnectionOutcome.WRONG_PASSWORD, "password"),
        (ssh_words.SAID_BY_HOP, ConnectionOutcome.REFUSED, ""),
    ],
)
def test_a_jump_hosts_refusal_says_nothing_of_the_servers_password(
    tmp_path: Path, file: str, outcome: ConnectionOutcome, reason: str
) -> None:
    refused = f"echo 'ana@db: Permission denied (password).' >{tmp_path / file}; exit 255"
    os.mkfifo(tmp_path / "line")
    line = os.open(tmp_path / "line", os.O_RDWR)
    script = ssh_words.script(["sh", "-c", refused], tmp_path, hands_over=False)
    subprocess.run(["sh", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    heard = os.read(line, 4096).decode()
    os.close(line)
    assert "code 255" in heard
    assert ssh_words.outcome(255, heard, shown=False, handed=True) == (outcome, reason)


@pytest.mark.parametrize(
    ("code", "ago", "stays"), [(7, 0, True), (0, 0, False), (1, 100, False), (255, 100, True)]
)
def test_a_window_stays_for_what_can_be_read_in_it(
    tmp_path: Path, code: int, ago: int, stays: bool
) -> None:
    """`ago` is when the session came up, in seconds."""
    up = f"echo $(($(date +%s) - {ago})) >{tmp_path / ssh_words.UP}; echo not today; exit {code}"
    os.mkfifo(tmp_path / "line")
    line = os.open(tmp_path / "line", os.O_RDWR)
    script = ssh_words.script(["sh", "-c", up], tmp_path, hands_over=False)
    (tmp_path / ssh_words.SAID_BY_HOP).touch()
    shown = subprocess.run(["sh", "-c", script], stdin=subprocess.DEVNULL, capture_output=True)
    heard = os.read(line, 4096).decode()
    os.close(line)
    assert shown.stdout.startswith(b"not today\n")
    assert (f"It ended with code {code}. Press Enter" in shown.stdout.decode()) is stays
    outcome = ssh_words.outcome(code, heard, shown=True)
    brief = stays and code != ssh_words.FAILED
    assert (outcome == (ConnectionOutcome.REFUSED, "brief")) is brief


def test_a_refused_code_after_the_password_is_no_wrong_password() -> None:
    said = "ana@db: Permission denied (keyboard-interactive)."
    refused, wrong = ConnectionOutcome.REFUSED, ConnectionOutcome.WRONG_PASSWORD
    told = ssh_words.outcome(255, said, shown=False, handed=True, more=True, kept=True)
    assert told == (refused, "answers")
    assert ssh_words.outcome(255, said, shown=False, handed=True, kept=True) == (wrong, "password")


def test_nothing_is_started_on_windows_for_a_server_that_shows_its_key_to_nobody() -> None:
    hop = Hop(host="gw", port=22, fingerprint=SHOWN)
    aim = Target(
        server="s", title="t", protocol=Protocol.SSH, host="db", port=22, account="ana",
        fingerprint=SHOWN, gateway=hop,
    )  # fmt: skip
    with pytest.raises(ClientFailed):
        ssh_windows.arguments("C:/ssh.exe", aim, FOLDER)


@pytest.mark.parametrize(
    ("prompt", "ours"),
    [
        ("ana@db's password: ", True),
        ("(ana@db) Password: ", True),
        ("(ana@db) Password for ana@freebsd.example:", True),
        ("(ana@db) Password for ana: ", True),
        ("(ana@db) Enter your LDAP password: ", True),
        ("(ana@db) TACACS Password: ", True),
        ("(ana@db) This account ends in 3 days.\nPassword: ", True),
        ("(ana@db) 2 failed sign-ins:\r\n\nLDAP Password: ", True),
        ("(ana@db) Password:\nCode: ", False),
        ("(ana@db) It has ended.\nNew password: ", False),
        ("(ana@db) Code: ", False),
        ("(ana@db) One-time password: ", False),
        ("(ana@db) New password: ", False),
        ("(ana@db) Current password: ", False),
        ("(ana@db) Password for root: ", False),
        ("(ana@db) Password + code: ", False),
        ("(ana@db) Send it to (ana@db) password: ", False),
        ("ana@gw's password: ", False),
        ("root@db's password: ", False),
        ("Enter passphrase for key '/root/.ssh/id': ", False),
    ],
)
def test_only_the_accounts_own_password_prompt_is_answered(prompt: str, ours: bool) -> None:
    assert is_ours(prompt, "ana", "db") is ours


LONG = "administração.de-bancos.são-paulo@corp.example"
DEEP = f"{'a' * 63}.{'b' * 63}.example"


@pytest.mark.parametrize("cut", [True, False])
def test_a_long_name_is_answered_whether_ssh_cuts_it_or_not(cut: bool) -> None:
    """Some versions put 30 bytes of the account and 128 of the host into their question."""
    account, host = LONG.encode(), DEEP.encode()
    if cut:
        account, host = account[:30], host[:128]
    prompt = (account + b"@" + host + b"'s password: ").decode(errors="replace")
    assert is_ours(prompt, LONG, DEEP)
    assert not is_ours(prompt, LONG.replace("a", "e"), DEEP)


def test_letters_that_a_language_has_not_are_known_by_their_numbers() -> None:
    assert is_ours(r"(CORP\jo\303\243o@db) Password: ", "CORP\\joão", "db")
    assert not is_ours(r"(CORP\jo\303\244o@db) Password: ", "CORP\\joão", "db")


def test_a_helper_is_answered_once_and_a_foreign_prompt_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aim = Target(server="s", title="t", protocol=Protocol.SSH, host="db", port=22, account="ana")
    monkeypatch.chdir(tmp_path)
    with Secret("M4rker") as secret:
        answering = AskpassListener(Path("s"), aim, "ana", secret)
    assert asked("s", "Enter passphrase for key: ") == b""
    assert asked("s", "ana@db's password: ") == b"+M4rker"
    assert (answering.handed, answering.more) == (True, False)
    assert asked("s", "(ana@db) Password: ") == b"-"
    assert asked("s", "(ana@db) Verification code: ") == b""
    assert answering.more
    answering.close()
    assert asked("s", "ana@db's password: ") == b""
    assert not Path("s").exists()


def test_what_comes_too_late_is_asked_of_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aim = Target(server="s", title="t", protocol=Protocol.SSH, host="db", port=22, account="ana")
    monkeypatch.chdir(tmp_path)
    with Secret("M4rker") as secret:
        AskpassListener(Path("s"), aim, "ana", secret, seconds=0.01)
    eventually(lambda: not Path("s").exists(), within=30)
    assert asked("s", "ana@db's password: ") == b""
