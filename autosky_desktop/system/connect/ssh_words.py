"""What OpenSSH is started with, and what its end means. Nothing here touches this computer."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect.askpass import SOCKET
from autosky_desktop.system.connect.target import Hop, Target

CONNECT_SECONDS = 10
HOP_SECONDS = 120
"""The same behind a jump host, where a person may have to type that one's password first."""
FAILED = 255
NUMBER = "number"
SAID, SAID_BY_HOP = "said", "said-hop"
"""What ssh complains of goes to these files, of the server and of the jump host before it."""
HOP_REFUSED = "jump host refused"

_Out = ConnectionOutcome
CAUSES = (
    ("host key verification failed", _Out.UNTRUSTED),
    (HOP_REFUSED, _Out.REFUSED),  # no word about the server's own password
    ("permission denied (publickey).", _Out.REFUSED),
    ("permission denied", _Out.WRONG_PASSWORD),
    ("too many authentication failures", _Out.WRONG_PASSWORD),
    ("connection refused", _Out.UNREACHABLE),
    ("timed out", _Out.UNREACHABLE),
    ("no route to host", _Out.UNREACHABLE),
    ("network is unreachable", _Out.UNREACHABLE),
    ("could not resolve", _Out.UNREACHABLE),
    ("timeout, server", _Out.LOST),
    ("broken pipe", _Out.LOST),
    ("closed by remote", _Out.LOST),
    ("connection closed by", _Out.REFUSED),
    ("connection reset", _Out.REFUSED),
)
"""What ssh says when it ends with 255, the first that fits."""
CUT = ("timeout, server", "connection reset", "broken pipe", "closed by remote", "timed out")


def outcome(code: int | None, said: str, *, shown: bool) -> ConnectionOutcome:
    """`code` None: the window was closed. `shown`: somebody was signed in."""
    if code is None:
        return _Out.CLOSED if shown else _Out.CANCELLED
    heard = said.lower()
    if shown or code != FAILED:
        cut = code == FAILED and any(words in heard for words in CUT)
        return _Out.LOST if cut else _Out.CLOSED
    return next((ended for words, ended in CAUSES if words in heard), _Out.CLIENT_FAILED)


def account(target: Target) -> str:
    return f"{target.domain}\\{target.account}" if target.domain else target.account


def known(fingerprint: str) -> str:
    """A script that ssh asks who is known: whoever shows this fingerprint, and nobody else.

    Its words are ssh's %H %f %t %K.
    """
    return f'[ "$2" = {shlex.quote(fingerprint)} ] && printf "%s %s %s\\n" "$1" "$3" "$4"\nexit 0\n'


def arguments(
    program: str, target: Target, folder: Path, *, hands_over: bool, own: bool = False
) -> list[str]:
    """The command line. `hands_over`: a password is given, and tried once. `own`: the person's
    configuration counts where ours says nothing.
    """
    seconds = HOP_SECONDS if target.gateway else CONNECT_SECONDS
    return [
        program,
        *safely(folder / SAID, _asking(folder / "known"), own=own, seconds=seconds),
        *("-o", f"NumberOfPasswordPrompts={1 if hands_over else 3}"),
        *("-o", "PermitLocalCommand=yes"),
        *("-o", f"LocalCommand=echo up >{_path(folder / 'line')}"),
        *(["-o", f"ProxyCommand=/bin/sh {_path(folder / 'hop')}"] if target.gateway else []),
        *("-p", str(target.port), "-l", account(target), "--", target.host),
    ]


def hop(program: str, target: Target, through: Hop, folder: Path, *, own: bool = False) -> str:
    """The script that reaches the jump host; its questions are asked in the terminal."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    words = [
        *(program, *safely(folder / SAID_BY_HOP, _asking(folder / "known-hop"), own=own)),
        *("-W", f"{host}:{target.port}", "-p", str(through.port)),
        *("-l", through.account or account(target), "--", through.host),
    ]
    return f"unset SSH_ASKPASS SSH_ASKPASS_REQUIRE {SOCKET}\nexec {shlex.join(words)}\n"


def helper(words: list[str]) -> str:
    """What SSH_ASKPASS names: one program, which gets the question as its last word."""
    return f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'


def script(words: list[str], folder: Path, *, hands_over: bool) -> str:
    """What the terminal runs: tells its number, the code and what ssh said.

    It takes its folder away, but when its window is closed: then it ends at once, and ssh with it.
    `line` is opened for both ways, so that neither it nor ssh waits for a program that has gone.
    """
    names = folder, folder / SAID, folder / SAID_BY_HOP, folder / "line", folder / NUMBER
    whole, said, by_hop, line, number = (shlex.quote(str(name)) for name in names)
    marked = f"sed 's/.*Permission denied/{HOP_REFUSED}/' {by_hop}"
    asks = (
        f"export SSH_ASKPASS={shlex.quote(str(folder / 'ask'))} SSH_ASKPASS_REQUIRE=force"
        f" {SOCKET}={shlex.quote(str(folder / 's'))}\n"
    )
    return (
        "#!/bin/sh\n"
        f"exec 9<>{line} || exit 1\n"
        f"trap {shlex.quote(f'rm -rf {whole}')} EXIT\ntrap 'exit 1' INT\n"
        f"echo $$ | tee {number} >&9\n{asks if hands_over else ''}"
        f"{shlex.join(words)} 9>&-\n"
        f"code=$?\n[ $code != {FAILED} ] || cat {by_hop} {said}\n"
        f'{{ echo "code $code"; {marked}; cat {said}; }} >&9\nexec 9>&-\n'
        f"[ $code = {FAILED} ] || exit 0\n"
        "printf 'Press Enter to close this window. '\nread -r _\n"
    )


def safely(
    said: Path, trusted: Mapping[str, str], *, own: bool = False, seconds: int = CONNECT_SECONDS
) -> list[str]:
    """No file of the person's or the system's says whom to trust, only `trusted` does. `seconds`
    are the server's to answer in.
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
    }
    pairs = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return [*([] if own else ["-F", "none"]), "-E", str(said), *pairs]


def _asking(known_by: Path) -> dict[str, str]:
    """Trusts whom the script `known_by` knows."""
    command = f"/bin/sh {_path(known_by)} %H %f %t %K"
    return {
        "UserKnownHostsFile": "none",
        "GlobalKnownHostsFile": "none",
        "KnownHostsCommand": command,
    }


def _path(path: Path) -> str:
    return shlex.quote(str(path).replace("%", "%%"))
