"""Endpoints as somebody hostile would have them, and what an escape is, for every launcher."""

import shlex
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hypothesis import strategies as st
from msgspec.structs import replace

from autosky_desktop.actions.connect.destination import target, ways
from autosky_desktop.domain.endpoint import Endpoint, Gateway, Protocol, Route
from autosky_desktop.system.connect import (
    freerdp,
    mstsc,
    prompting_client,
    ssh_windows,
    ssh_words,
    terminals,
    windows_app,
)
from autosky_desktop.system.connect.target import JOINERS, Hostile, Target

Build = Callable[[Target], list[str]]

PROGRAM = "/usr/bin/client"
APPLICATION = Path("/Applications/Windows App.app")
FILE = Path("/run/user/0/autosky/autosky-1.rdp")

BUILDERS: dict[str, Build] = {
    "FreeRDP 2": lambda aim: freerdp.arguments(PROGRAM, 2, aim),
    "FreeRDP 3": lambda aim: freerdp.arguments(PROGRAM, 3, aim),
    "mstsc": lambda aim: mstsc.arguments(PROGRAM, aim),
    "Windows App, its file": lambda aim: windows_app.text(aim).split("\r\n"),
    "Windows App": lambda _aim: windows_app.arguments(APPLICATION, FILE),
    "Remmina": lambda aim: prompting_client.remmina(PROGRAM, aim),
    "KRDC": lambda aim: prompting_client.krdc(PROGRAM, aim),
}
"""Every pure command line of a launcher; a new launcher is added here, and held to all of it."""

PRINT = "sha256:" + ":".join(["AB", "01"] * 16)
HOST_KEY = "SHA256:" + "Ab0+/" * 8 + "xyz"
ACCOUNTS = ["svc", "ERP\\svc-maintenance", "ana@erp.example", "jürgen", "O'Neill", "pc$", "a b"]
ACCOUNTS += ["svc!sql", "R&D", "adm#1", "ana~adm", "{svc}", "ana (extern)", "ana^2", "ana/admin"]
ACCOUNTS += ["acme\\ticketid~12345%johndoe", "ju\u0308rgen", "प्रिया", "สมศักดิ์", "نیک\u200cخواه"]
HOSTS = ["10.20.0.31", "2001:db8::1", "srv.erp.example", "bücher.example", "xn--bcher-kva.example"]
HOSTS += ["faß.example", "κλαρα-σωλις.example", "srv-1.10.example"]
SPITEFUL = [
    "-oProxyCommand=touch /tmp/x", "--exec", "/v:evil", "/p:x", "/cert:ignore", " /p:x",
    "+auth-only", ",ignore", ":443,ignore", "a,usehttp:off", "a b", "\n", "\x00",
    "\r\nprompt for credentials:i:0", "\u202e", "\u2066", "\u2028", "\ufeff", "%COMSPEC%",
    "%s%n", "$(id)", "`id`", "; id", "| id", "&&calc", '"', "'", "\\", "\\\\", "..",
    "../../etc", "@evil", "@evil:22", "#", "?x=1", "[::1]", "::1%eth0", "fe80::1%\n",
    "127.0.0.1/8", "0x7f.1", "x" * 10_000, "é" * 300, "\U0001f4a9", "\uff11.0.0.1", "-", "",
]  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn, honest: list[str]) -> str:
    """Return an honest value, a spiteful one, any text at all, or a mixture of them."""
    part = st.one_of(st.sampled_from(honest), st.sampled_from(SPITEFUL), st.text(max_size=12))
    shape = draw(st.integers(0, 12))
    if shape > 2:
        return draw(st.sampled_from(honest))
    if shape == 0:
        return draw(part)
    one, other = draw(st.sampled_from(honest)), draw(part)
    return one + other if shape == 1 else other + one


PORTS = st.one_of(*[st.sampled_from([3389, 443])] * 5, st.integers(-(2**40), 2**40))
PROTOCOLS = st.one_of(*[st.sampled_from(["rdp", "ssh"])] * 5, spoilt(["rdp", "ssh"]))
PRINTS = st.one_of(st.none(), spoilt([PRINT, HOST_KEY]))
GATEWAYS = st.builds(
    Gateway,
    host=spoilt(HOSTS),
    port=PORTS,
    account=st.one_of(st.just(""), spoilt(ACCOUNTS)),
    fingerprint=PRINTS,
)
ENDPOINTS = st.builds(
    Endpoint,
    server=spoilt(["srv-1"]),
    protocol=PROTOCOLS,
    port=PORTS,
    private_ip=st.one_of(spoilt(HOSTS), spoilt(HOSTS), st.none()),
    public_ip=spoilt(HOSTS),
    gateway=st.one_of(GATEWAYS, GATEWAYS, st.none()),
    fingerprint=PRINTS,
)
CASES = st.tuples(
    ENDPOINTS,
    spoilt(["FILE 01", "Büro"]),
    spoilt(ACCOUNTS),
    spoilt([PRINT, HOST_KEY]),
    st.sampled_from([*Route, Route.GATEWAY]),
)
"""An endpoint, the server's name, the account that was typed, what the server shows, and the way
that a person would like."""

Case = tuple[Endpoint, str, str, str, Route]


@dataclass
class Tally:
    generated: int = 0
    refused: int = 0
    built: int = 0
    aimed: Counter[str] = field(default_factory=Counter)
    escapes: list[str] = field(default_factory=list)

    def take(self, case: Case) -> None:
        """Take one case through the gate and through every builder."""
        self.generated += 1
        try:
            aim = aimed(case)
        except Hostile:
            self.refused += 1
            return
        self.aimed[f"{aim.protocol} {_way(case)}"] += 1
        for name, check in CHECKS.items():
            self.built += 1
            if why := check(aim):
                self.escapes.append(f"{name}: {why} from {aim!r}")


def aimed(case: Case) -> Target:
    """Return the target as a connection makes it. Raises Hostile."""
    endpoint, name, account, shown, _wished = case
    aim = target(endpoint, name, account, _way(case))
    return replace(aim, fingerprint=shown)


def _way(case: Case) -> Route:
    """Return the way that is wished, or else one that there is."""
    endpoint, *_, wished = case
    there = ways(endpoint)
    return wished if wished in there or not there else there[0]


def escape(build: Build, aim: Target) -> str:
    """Return why what was built is more than was meant; empty when it is not.

    What was meant is what the same launcher makes of an honest target with the same parts.
    """
    words, meant = build(aim), build(honest(aim))
    if len(words) != len(meant):
        return f"{len(words)} words instead of {len(meant)}"
    for word, like in zip(words, meant, strict=True):
        unseen = ("Cc", "Cf", "Cs", "Zl", "Zp")
        if any(unicodedata.category(it) in unseen and it not in JOINERS for it in word):
            return f"a letter that is not seen in {word!r}"
        if _key(word) != _key(like):
            return f"{word!r} where {like!r} was meant"
        if why := _inside(word, aim):
            return why
    return ""


def honest(aim: Target) -> Target:
    hop = aim.gateway
    through = (
        {"host": "gw.example", "port": 443, "fingerprint": PRINT if hop.fingerprint else ""}
        if hop
        else None
    )
    return Target(
        server="s", title="t", protocol=aim.protocol, host="srv.example", port=3389,
        account="a", domain="d" if aim.domain else "", fingerprint=PRINT if aim.fingerprint else "",
        gateway=type(hop)(**through) if hop and through else None,
    )  # fmt: skip


def _key(word: str) -> str:
    """Return what an option or a line is called: all of it where it has no value. A line of a file
    has a kind as well, an option has none: a host may be called "s".
    """
    if word.startswith("rdp://"):
        return "rdp"
    if word.startswith("/cert:"):
        return ",".join(part.partition(":")[0] for part in word[6:].split(","))
    head, colon, rest = word.partition(":")
    has_kind = rest[:2] in ("s:", "i:", "g:") and not word.startswith("/")
    kind = rest.partition(":")[0] if has_kind else ""
    return f"{head}{colon}{kind}"


def _inside(word: str, aim: Target) -> str:
    """Return what a URL, an address or a list says that its launcher did not mean, if anything."""
    if word.startswith("rdp://"):
        url = urlsplit(word)
        whole = f"{aim.domain}\\{aim.account}" if aim.domain else aim.account
        said = unquote(url.username or ""), (url.hostname or ""), url.port
        good = (
            said == (whole, aim.host.lower(), aim.port) and not url.query + url.fragment + url.path
        )
        return "" if good else f"another address in {word!r}"
    if word.startswith(("/v:", "/g:", "/gateway:")) and ("," in word or " " in word):
        return f"more than an address in {word!r}"
    return ""


def _ssh(aim: Target) -> str:
    """Check the ssh command: its values stand at the end, and everything before them is our own."""
    words, meant = _ssh_words(aim), _ssh_words(honest(aim))
    values = [str(aim.port), "-l", ssh_words.account(aim), "--", aim.host]
    good = words[:-5] == meant[:-5] and words[-5:] == values
    return "" if good and not values[2].startswith("-") else f"{words[-5:]!r}"


def _ssh_script(aim: Target) -> str:
    """Check the script: one line is the command, and a shell reads from it what was meant."""
    words = _ssh_words(aim)
    lines = ssh_words.script(words, FOLDER, hands_over=True).splitlines()
    meant = ssh_words.script(_ssh_words(honest(aim)), FOLDER, hands_over=True).splitlines()
    [at] = [at for at, line in enumerate(meant) if line.startswith(SSH)]
    same = lines[:at] + lines[at + 1 :] == meant[:at] + meant[at + 1 :]
    read = [words[0], "$ways", *words[1:], "9>&-"]
    return "" if same and shlex.split(lines[at]) == read else f"{lines[at]!r}"


def _console(aim: Target) -> str:
    """Check as `_ssh` does, and that Windows quotes nothing: no shell comes in between."""
    if aim.gateway or aim.protocol is not Protocol.SSH:
        return ""
    words = ssh_windows.arguments(SSH, aim, FOLDER)
    meant = ssh_windows.arguments(SSH, honest(aim), FOLDER)
    values = [str(aim.port), "-l", ssh_words.account(aim), "--", aim.host]
    good = words[:-5] == meant[:-5] and words[-5:] == values
    return "" if good and not set('"&|<>\n') & set("".join(values)) else f"{words[-5:]!r}"


def _jump(aim: Target) -> str:
    if aim.gateway is None:
        return ""
    lines = ssh_words.hop(SSH, aim, aim.gateway, FOLDER).splitlines()
    account = aim.gateway.account or ssh_words.account(aim)
    values = [str(aim.gateway.port), "-l", account, "--", aim.gateway.host]
    words = shlex.split(lines[-1])
    place = f"[{aim.host}]:{aim.port}" if ":" in aim.host else f"{aim.host}:{aim.port}"
    good = len(lines) == 2 and words[-5:] == values and words[words.index("-W") + 1] == place
    return "" if good else f"{lines!r}"


def _terminal(name: str) -> Callable[[Target], str]:
    def check(aim: Target) -> str:
        words = terminals.arguments(name, name, aim.title, "/run/1")
        meant = terminals.arguments(name, name, "\0", "/run/1")
        like = [word.replace("\0", aim.title) for word in meant]
        return "" if words == like else f"{words!r}"

    return check


def _ssh_words(aim: Target) -> list[str]:
    return ssh_words.arguments(SSH, aim, FOLDER, hands_over=True)


SSH = "/usr/bin/ssh"
FOLDER = Path("/run/user/0/autosky/ssh-1")
CHECKS: dict[str, Callable[[Target], str]] = {
    **{name: partial(escape, build) for name, build in BUILDERS.items()},
    "OpenSSH": _ssh,
    "OpenSSH, its script": _ssh_script,
    "OpenSSH, a jump host": _jump,
    "OpenSSH on Windows": _console,
    **{name: _terminal(name) for name in (*terminals.TERMINALS, *terminals.APPLICATIONS)},
}
"""Every launcher by what of it can be hostile: why it is more than was meant, empty when not."""
