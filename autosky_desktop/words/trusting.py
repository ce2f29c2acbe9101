"""The sentences about trusting a server: what is asked before, and fingerprints to be compared."""

from collections.abc import Mapping

from autosky_desktop.domain.connecting import HostCheck, TrustVerdict
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.words.language import N_, _
from autosky_desktop.words.times import moment_in_full

QUESTIONS: Mapping[TrustVerdict, str] = {
    TrustVerdict.NEW: N_(
        "This computer has not connected to {whom} before, and the control plane names no "
        "fingerprint. Whoever answers there shows the {thing} below. Compare it with what the "
        "{kind} itself says; your password goes to whoever it is.",
    ),
    TrustVerdict.NAMED_ANEW: N_(
        "{whom} shows a different {thing} from the one this computer knew. The control "
        "plane names the new one, so the {kind} was probably set up anew. Go on only if "
        "you know that it was: your password goes to whoever answers there.",
    ),
    TrustVerdict.RENEWED: N_(
        "{whom} shows a new {thing}. The one this computer knew was valid until {until}, and "
        "Windows renews its own like this twice a year. Compare it with what the {kind} itself "
        "says; your password goes to whoever answers there.",
    ),
}
"""`{whom}` is a server, or the gateway before it; the `{thing}` is what it is known by, which was
good `{until}` then."""


def question(look: HostCheck, *, server: str, word: str) -> str:
    """Ask whether to trust a server that was not trusted until now; `word` is the protocol."""
    text = QUESTIONS.get(look.verdict)
    if text is None:
        return ""
    ssh = Protocol(word) is Protocol.SSH
    gateway = bool(look.gateway)
    return _(text).format(
        whom=look.host if gateway else server,
        kind=_("gateway") if gateway else _("server"),
        thing=_("host key") if ssh else _("certificate"),
        until=moment_in_full(look.known_until) if look.known_until else "",
    )


def groups(fingerprint: str) -> str:
    """Split a fingerprint into groups to be compared by eye; its prefix says how it was made."""
    kind, _colon, rest = fingerprint.partition(":")
    if kind == "sha256":
        pairs = rest.upper().split(":")
        fours = ["".join(pairs[at : at + 2]) for at in range(0, len(pairs), 2)]
        half = len(fours) // 2
        return f"{' '.join(fours[:half])}\n{' '.join(fours[half:])}"
    eights = [rest[at : at + 8] for at in range(0, len(rest), 8)]
    half = (len(eights) + 1) // 2
    return f"{' '.join(eights[:half])}\n{' '.join(eights[half:])}"
