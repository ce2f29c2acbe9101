"""The command lines of OpenSSH, and what its end means. Nothing here touches this computer."""

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect import target as gate
from autosky_desktop.system.connect.askpass import SOCKET
from autosky_desktop.system.connect.probe import Why
from autosky_desktop.system.connect.target import Hop, Target

CONNECT_SECONDS = 10
HOP_SECONDS = 120
"""The same behind a jump host, where a person may have to type that one's password first; their
own configuration may have one as well.
"""
FAILED = 255
NUMBER = "number"
SAID, SAID_BY_HOP = "said", "said-hop"
"""What ssh complains of goes to these files, of the server and of the jump host before it."""
HOP_REFUSED = "jump host refused"
CAME_UP = "came-up"
"""The script that ssh runs once the session is there."""
ASKED, UP, CALLED, OTHERS = "asked", "up", "called", "others"
"""Files: something was asked for; when the session came up, in seconds; the server's names; the
kinds of its keys that are not the one that is meant.
"""
BRIEF, BRIEF_SECONDS = "brief", 5
"""Said of a session that ended by itself so soon, with a code that is none of success."""
FORWARD = "forward"
"""Said where the person's own configuration forwards a port that cannot be had, and ends then."""
CERTIFICATES = "*-cert-v01@openssh.com"
SHOWN = "shown "
"""Before the key that a look was shown."""

A_SHELL = (
    "case $SHELL in */nologin|*/false) SHELL=/bin/sh;; esac\n"
    '[ -x "$SHELL" ] || SHELL=/bin/sh\nexport SHELL\n'
)
"""The person's, by which ssh starts commands: one that starts none would keep ssh from saying
that it is up. Ours are the name of a program and a file, which all shells read alike.
"""

_Out = ConnectionOutcome
CAUSES = (
    ("revoked by file", _Out.UNTRUSTED, "revoked"),
    ("in revoked keys file", _Out.UNTRUSTED, "revoked"),
    ("host key verification failed", _Out.UNTRUSTED, ""),
    ("could not request local forwarding", _Out.CLIENT_FAILED, FORWARD),
    ("remote port forwarding failed", _Out.CLIENT_FAILED, FORWARD),
    (HOP_REFUSED, _Out.REFUSED, ""),  # no word about the server's own password
    ("unable to negotiate", _Out.REFUSED, "old"),
    ("bad configuration option", _Out.CLIENT_FAILED, "config"),
    ("bad owner or permissions", _Out.CLIENT_FAILED, "config"),
    ("too many authentication failures", _Out.REFUSED, "too-many-keys"),
    ("permission denied", _Out.REFUSED, ""),
    ("connection refused", _Out.UNREACHABLE, ""),
    ("timed out", _Out.UNREACHABLE, ""),
    ("no route to host", _Out.UNREACHABLE, ""),
    ("network is unreachable", _Out.UNREACHABLE, ""),
    ("could not resolve", _Out.UNREACHABLE, ""),
    ("timeout, server", _Out.LOST, ""),
    ("broken pipe", _Out.LOST, ""),
    ("closed by remote", _Out.LOST, ""),
    ("connection closed by", _Out.REFUSED, ""),
    ("received disconnect", _Out.REFUSED, ""),
    ("connection reset", _Out.REFUSED, ""),
)
"""What ssh says when it ends with 255, the first that fits; the reason is told in words of its own.

Nothing here is a wrong password: that is one which was asked for, handed over and refused.
"""
CUT = ("timeout, server", "connection reset", "broken pipe", "closed by remote", "timed out")
OFFERED = re.compile(r"permission denied \(([^)]*)\)")
"""The ways of signing in that a server names when it refuses."""
BY_PASSWORD = {"password", "keyboard-interactive"}

UNSEEN = (
    ("unable to negotiate", Why.OLD),
    ("invalid key length", Why.OLD),
    ("command-line: line 0: bad configuration option", Why.OLD_CLIENT),
    ("bad configuration option", Why.CONFIG),
    ("percent_expand", Why.CONFIG),
    ("tilde_expand", Why.CONFIG),
    ("bad owner or permissions", Why.CONFIG),
    ("cannot fork into background", Why.CONFIG),
    ("revoked by file", Why.REVOKED),
    ("in revoked keys file", Why.REVOKED),
    ("could not resolve", Why.NO_NAME),
    ("connection refused", Why.REFUSED),
    ("no route to host", Why.UNREACHABLE),
    ("network is unreachable", Why.UNREACHABLE),
    ("unknown port", Why.WAY),
    ("proxy dialer did not pass", Why.WAY),
    ("connect to host", Why.UNREACHABLE),  # in each other way that a computer knows
    ("invalid characters", Why.NOT_SSH),
    ("could not read protocol version", Why.NOT_SSH),
    ("invalid format", Why.NOT_SSH),
    ("bad packet length", Why.NOT_SSH),
    ("incomplete message", Why.NOT_SSH),
    ("received disconnect", Why.CLOSED),
    ("connection closed", Why.CLOSED),
    ("connection reset", Why.CLOSED),
    ("broken pipe", Why.CLOSED),
    ("timed out", Why.SILENT),
)
"""What ssh says when it was shown no key, the first that fits."""


def outcome(
    code: int | None,
    said: str,
    *,
    shown: bool,
    handed: bool = False,
    more: bool = False,
    kept: bool = False,
) -> tuple[ConnectionOutcome, str]:
    """Return how a session ended, and a reason if there is one. `code` None: its window was closed.

    `shown`: somebody was signed in. `handed`: the server asked for the password and got it.
    `more`: then it asked for something else. `kept`: there is one that it did not ask for.
    """
    if code is None:
        return (_Out.CLOSED if shown else _Out.CANCELLED), ""
    heard = said.lower()
    if shown or code != FAILED:
        cut = code == FAILED and any(words in heard for words in CUT)
        if code == FAILED and "remote port forwarding failed" in heard:
            return _Out.CLIENT_FAILED, FORWARD
        if BRIEF in heard.splitlines():
            return _Out.REFUSED, BRIEF
        return (_Out.LOST if cut else _Out.CLOSED), ""
    fits = (it for it in CAUSES if it[0] in heard)
    words, ended, reason = next(fits, ("", _Out.CLIENT_FAILED, ""))
    if words in ("permission denied", "too many authentication failures"):
        return _refused(heard, reason, handed=handed, more=more, kept=kept)
    return ended, reason


def _refused(
    heard: str, reason: str, *, handed: bool, more: bool, kept: bool
) -> tuple[ConnectionOutcome, str]:
    """Return why a server let nobody in. It does not say whether user or password was wrong."""
    if handed and "partial success" in heard:
        return _Out.REFUSED, "second"
    if handed:
        return (_Out.REFUSED, "answers") if more else (_Out.WRONG_PASSWORD, "password")
    offered = OFFERED.search(heard)
    if offered and not BY_PASSWORD & set(offered[1].split(",")):
        return _Out.REFUSED, "no-passwords"
    return _Out.REFUSED, reason or ("not-asked" if kept else "")


def unseen(said: str) -> Why:
    """Return why a look was shown no key."""
    heard = said.lower()
    return next((why for words, why in UNSEEN if words in heard), Why.UNKNOWN)


def account(target: Target) -> str:
    return f"{target.domain}\\{target.account}" if target.domain else target.account


def known(host_key: str, fingerprint: str, folder: Path | None = None) -> str:
    """Return a script that ssh asks who is known: whoever has this key, and nobody else. In
    `folder` it keeps what ssh itself calls the server, and which kinds of other keys it has shown.

    Behind a jump host the key itself was not seen: whoever shows the fingerprint. Its words are
    ssh's %H %f %t %K %h %k.
    """
    keeps = other = ""
    if folder:
        called, others = (shlex.quote(str(folder / name)) for name in (CALLED, OTHERS))
        keeps = f'printf "%s\\n%s\\n" "$5" "$6" >{called}\n'
        other = f' || [ "$3" = NONE ] || echo "$3" >>{others}'
    if host_key:
        return f"{keeps}echo {shlex.quote(f'* {host_key}')}\n"
    shows = f'[ "$2" = {shlex.quote(fingerprint)} ]'
    return f'{keeps}{shows} && printf "%s %s %s\\n" "$1" "$3" "$4"{other}\nexit 0\n'


def looking(
    program: str,
    host: str,
    port: int,
    account: str,
    *,
    known: str = "",
    without: Sequence[str] = (),
    own: bool = False,
) -> list[str]:
    """Return the command line that says which key it is shown, and ends before it signs in.

    The kind of the key that is `known` is asked for first, no key of the kinds `without`. ssh asks
    its command twice: for the ORDER of kinds, and whether it knows the one that it was shown.
    """
    first = f"echo '* {gate.host_key(known)}'" if known else ":"
    told = f"if [ $0 = ORDER ]; then {first}; else echo {SHOWN}$1 $2 >&2; fi"
    trusted = {
        "UserKnownHostsFile": "none",
        "GlobalKnownHostsFile": "none",
        "KnownHostsCommand": f'/bin/sh -c "{told}" %I %t %K',
        "BatchMode": "yes",
    }
    if without:
        trusted["HostKeyAlgorithms"] = "-" + ",".join(map(_signing, without))
    return [
        *(program, "-n", "-T", *safely(trusted, own=own)),
        *("-p", str(port), "-l", account, "--", host),
    ]


def _signing(kind: str) -> str:
    """Return the algorithms of a kind of key, as a pattern."""
    return "rsa-sha2-*,ssh-rsa*" if kind == "ssh-rsa" else f"{kind}*"


def configured(program: str, host: str, port: int, account: str) -> list[str]:
    """Return the command line that prints what the person's configuration says of a server."""
    return [program, "-G", "-p", str(port), "-l", account, "--", host]


def arguments(
    program: str,
    target: Target,
    folder: Path,
    *,
    hands_over: bool,
    own: bool = False,
    agent: bool = True,
) -> list[str]:
    """Return the command line. `hands_over`: a password is given, and tried once. `own`: the
    person's configuration counts where ours says nothing. `agent` as in `script`.
    """
    seconds = HOP_SECONDS if target.gateway or own else CONNECT_SECONDS
    trusted = _asking(folder / "known", target, own=own)
    if not agent:
        trusted["IdentityAgent"] = "none"
    return [
        *(program, "-E", str(folder / SAID), *safely(trusted, own=own, seconds=seconds)),
        *("-o", f"NumberOfPasswordPrompts={1 if hands_over else 3}"),
        *("-o", "PermitLocalCommand=yes"),
        *("-o", f"LocalCommand=/bin/sh {_path(folder / CAME_UP)}"),
        *(["-o", f"ProxyCommand=/bin/sh {_path(folder / 'hop')}"] if target.gateway else []),
        *("-p", str(target.port), "-l", account(target), "--", target.host),
    ]


def hop(program: str, target: Target, through: Hop, folder: Path, *, own: bool = False) -> str:
    """Return the script that reaches the jump host; its questions are asked in the terminal."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    trusted = _asking(folder / "known-hop", through, own=own)
    words = [
        *(program, "-E", str(folder / SAID_BY_HOP), *safely(trusted, own=own)),
        *("-W", f"{host}:{target.port}", "-p", str(through.port)),
        *("-l", through.account or account(target), "--", through.host),
    ]
    return f"unset SSH_ASKPASS SSH_ASKPASS_REQUIRE {SOCKET}\nexec {shlex.join(words)}\n"


def came_up(folder: Path) -> str:
    """Return the script that says since when the session is there."""
    up, line = (shlex.quote(str(folder / name)) for name in (UP, "line"))
    return f"date +%s >{up}; echo up >{line}\n"


def helper(words: list[str], folder: Path) -> str:
    """Return the program for SSH_ASKPASS to name, which gets the question as its last word."""
    return f'#!/bin/sh\n: >{shlex.quote(str(folder / ASKED))}\nexec {shlex.join(words)} "$@"\n'


def script(words: list[str], folder: Path, *, hands_over: bool, agent: bool = True) -> str:
    """Return the script for the terminal: it tells its number, the exit code and what ssh said.

    It takes its folder away, but when its window is closed: then it ends at once, and ssh with it.
    `line` is opened for both ways, so that neither it nor ssh waits for a program that has gone.
    `agent` False: there is one that does not answer.
    """
    names = folder, folder / SAID, folder / SAID_BY_HOP, folder / "line", folder / NUMBER
    whole, said, by_hop, line, number = (shlex.quote(str(name)) for name in names)
    refusals = ("Permission denied", "Too many authentication failures")
    marks = ";".join(f"s/.*{it}/{HOP_REFUSED}/" for it in refusals)
    marked = f"sed '{marks}' {by_hop}"
    asks = (
        f"export SSH_ASKPASS={shlex.quote(str(folder / 'ask'))} SSH_ASKPASS_REQUIRE=force"
        f" {SOCKET}={shlex.quote(str(folder / 's'))}\n"
    )
    return (
        "#!/bin/sh\n"
        f"exec 9<>{line} || exit 1\n"
        f"trap {shlex.quote(f'rm -rf {whole}')} EXIT\ntrap 'exit 1' INT\n"
        f"echo $$ | tee {number} >&9\n{asks if hands_over else ''}"
        f"{'' if agent else 'unset SSH_AUTH_SOCK'}\n{A_SHELL}"
        f"{_tried(words, folder, hands_over=hands_over)}"
        f"up=$(cat {shlex.quote(str(folder / UP))} 2>/dev/null || echo 0) brief=\n"
        f"[ $code = 0 ] || [ $(($(date +%s) - up)) -ge {BRIEF_SECONDS} ] || brief={BRIEF}\n"
        f"[ $code != {FAILED} ] || cat {by_hop} {said}\n"
        f'{{ echo "code $code"; echo $brief; {marked}; cat {said}; }} >&9\nexec 9>&-\n'
        f"[ $code = {FAILED} ] || [ $brief ] || exit 0\n"
        "printf 'It ended with code %s. Press Enter to close this window. ' $code\nread -r _\n"
    )


def _tried(words: list[str], folder: Path, *, hands_over: bool) -> str:
    """Return the lines that try again: with the password, where keys alone used up all tries and
    nobody asked for it; and for another kind of key, where a server that nobody had seen showed
    another key.
    """
    asked, said, others = (shlex.quote(str(folder / it)) for it in (ASKED, SAID, OTHERS))
    program, *rest = words
    by_password = (
        f'if [ -z "$ways" ] && [ ! -e {asked} ] &&'
        f" grep -q 'Too many authentication failures' {said}; then\n"
        "ways='-o PreferredAuthentications=keyboard-interactive,password'\ncontinue\nfi\n"
    )
    kinds = f"$(sed 's/^ssh-rsa$/rsa-sha2-*,&/;s/$/*/' {others} | tr '\\n' ,)"
    return (
        "set -f\nways=\nwhile :; do\n"
        f": >{said}\n{shlex.quote(program)} $ways {shlex.join(rest)} 9>&-\ncode=$?\n"
        f"[ $code = {FAILED} ] || break\n{by_password if hands_over else ''}"
        f"[ -s {others} ] || break\n"
        f'more="-o HostKeyAlgorithms=-{kinds}{CERTIFICATES}"\n'
        '[ "$more" != "$ways" ] || break\nways=$more\ndone\n'
        f"[ ! -s {others} ] || ! grep -q 'Unable to negotiate' {said} ||"
        f" echo 'Host key verification failed.' >>{said}\n"
    )


def safely(
    trusted: Mapping[str, str], *, own: bool = False, seconds: int = CONNECT_SECONDS
) -> list[str]:
    """Return options by which no file of the person's or the system's says whom to trust, only
    `trusted` does. The server has `seconds` to answer.
    """
    options = {
        **trusted,
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "CheckHostIP": "no",
        "VerifyHostKeyDNS": "no",
        "NoHostAuthenticationForLocalhost": "no",
        "ControlPath": "none",
        "ConnectTimeout": str(seconds),
        "ServerAliveInterval": "15",
        "LogLevel": "VERBOSE",
    }
    pairs = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return [*([] if own else ["-F", "none"]), *pairs]


def _asking(known_by: Path, whom: Target | Hop, *, own: bool) -> dict[str, str]:
    """Return options that trust whom the script `known_by` knows."""
    command = f"/bin/sh {_path(known_by)} %H %f %t %K %h %k"
    trusted = {
        "UserKnownHostsFile": "none",
        "GlobalKnownHostsFile": "none",
        "KnownHostsCommand": command,
    }
    if not whom.host_key and not own:  # a certificate is no key that a script could compare
        trusted["HostKeyAlgorithms"] = f"-{CERTIFICATES}"
    return trusted


def _path(path: Path) -> str:
    return shlex.quote(str(path).replace("%", "%%"))
