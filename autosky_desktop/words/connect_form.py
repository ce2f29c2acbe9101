"""The sentences of the connection form, and the question whether to trust a server."""

from collections.abc import Mapping

from autosky_desktop.domain.connecting import HostCheck, TrustVerdict
from autosky_desktop.domain.endpoint import Endpoint, Protocol, Route, address
from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.secrets import Credential, Scope
from autosky_desktop.domain.server import Server, ServerRole, ServerState
from autosky_desktop.words.language import N_, _
from autosky_desktop.words.names import shown
from autosky_desktop.words.power import off_after
from autosky_desktop.words.states import state_inside
from autosky_desktop.words.times import about, moment_in_full

TRUST_QUESTIONS: Mapping[TrustVerdict, str] = {
    TrustVerdict.NEW: N_(
        "This computer has not connected to {whom} before, and the control plane names no "
        "fingerprint. Whoever answers there shows the certificate below. Compare it with what "
        "{whom} itself says; your password goes to whoever it is.",
    ),
    TrustVerdict.NAMED_ANEW: N_(
        "{whom} shows a different certificate from the one this computer knew. The control "
        "plane names the new one, so {whom} was probably set up anew. Go on only if "
        "you know that it was: your password goes to whoever answers there.",
    ),
    TrustVerdict.RENEWED: N_(
        "{whom} shows a new certificate. The one this computer knew was valid until {until}, and "
        "Windows renews its own like this twice a year. Compare it with what {whom} itself "
        "says; your password goes to whoever answers there.",
    ),
}
"""The questions about what is known by a certificate, which was good `{until}` then; `{whom}` is a
server, or the gateway before it."""

SSH_TRUST_QUESTIONS: Mapping[TrustVerdict, str] = {
    TrustVerdict.NEW: N_(
        "This computer has not connected to {whom} before, and the control plane names no "
        "fingerprint. Whoever answers there shows the host key below. Compare it with what "
        "{whom} itself says; your password goes to whoever it is.",
    ),
    TrustVerdict.NAMED_ANEW: N_(
        "{whom} shows a different host key from the one this computer knew. The control "
        "plane names the new one, so {whom} was probably set up anew. Go on only if "
        "you know that it was: your password goes to whoever answers there.",
    ),
}
"""The questions about what is known by a host key, which nobody renews."""


def way(endpoint: Endpoint, chosen: Route) -> tuple[str, str]:
    """Return the address that stands beside the button, and its accessible name."""
    at = address(endpoint, chosen)
    if chosen is Route.GATEWAY and endpoint.gateway:
        text = _("Gateway, {host}").format(host=endpoint.gateway.host)
        name = _("Gateway address {host}")
        return text, name.format(host=endpoint.gateway.host)
    if chosen is Route.TUNNEL and at:
        text, name = _("Tunnel, {ip}"), _("Tunnel to the address {ip}")
        return text.format(ip=at), name.format(ip=at)
    private = chosen is Route.PRIVATE
    if not at:
        text = _("Private") if private else _("Public")
        return text, text
    text = _("Private, {ip}") if private else _("Public, {ip}")
    name = _("Private address {ip}") if private else _("Public address {ip}")
    return text.format(ip=at), name.format(ip=at)


def way_is(
    endpoint: Endpoint,
    chosen: Route,
    reaches: bool | None,
    *,
    near: bool,
    of: Server | Instance,
) -> str:
    """Say whether this computer reaches the server or instance by the chosen route; `reaches` is
    None while nobody knows.
    """
    if not address(endpoint, chosen):
        return _no_address(chosen, isinstance(of, Instance))
    if chosen is Route.GATEWAY:
        text = _("Leads to {ip} from anywhere that can reach the gateway.")
        return text.format(ip=address(endpoint, chosen))
    if chosen is Route.TUNNEL:
        if reaches is False:
            return _(
                "This computer lacks the Session Manager plugin of AWS, which opens the tunnel."
            )
        return _("Leads to the server through AWS Systems Manager, from anywhere.")
    if near:
        text = _("This computer is on the same network ({network}).")
        return text.format(network=endpoint.network)
    if reaches is None:
        if chosen is Route.PRIVATE:
            return _("This computer is not on its network.")
        return _("Reached over the internet.")
    if reaches:
        return _("It answers this computer.")
    return _("This computer cannot reach it now.")


def console(server: Server | Instance, *, graphical: bool) -> str:
    """Say what the console of a machine is, which is offered where no address is known."""
    text = _(
        "Nobody knows an address of {server}. As a last resort, its console shows the machine's "
        "own screen. It signs nobody in, and everybody who opens it sees the same."
    )
    if not graphical:
        text = _(
            "Nobody knows an address of {server}. As a last resort, its console is the machine's "
            "own serial line. It signs nobody in, and one person at a time has it."
        )
    return text.format(server=shown(server.name))


def _no_address(chosen: Route, of_instance: bool) -> str:
    if chosen is Route.PRIVATE:
        if of_instance:
            return _("This instance has no private address.")
        return _("This server has no private address.")
    if of_instance:
        return _("This instance has no public address.")
    return _("This server has no public address.")


def know_first(environment: Environment, server: Server | Instance, endpoint: Endpoint) -> str:
    """Say what to know before pressing the button; empty when there is nothing special about it."""
    state = ""
    if not isinstance(server, Instance):  # nothing starts an instance
        state = _state(environment, server, endpoint)
    return " ".join(filter(None, (state, _simulated(server, endpoint))))


def _state(environment: Environment, server: Server, endpoint: Endpoint) -> str:
    state = ServerState(server.status)
    if state is ServerState.RUNNING:
        return ""
    if state is not ServerState.STOPPED:
        text = _("This server is {state}. The connection opens once it answers.")
        return text.format(state=state_inside(server.status))
    text = _(
        "This server is stopped. It is started first, then the connection opens once it "
        "answers."
    )  # fmt: skip
    if endpoint.usual_start_seconds:
        text = _(
            "This server is stopped. It is started first, then the connection opens "
            "once it answers, usually within {time}."
        ).format(time=about(endpoint.usual_start_seconds))  # fmt: skip
    if server.role == ServerRole.PREPARATION:
        text += " " + off_after(environment.run_hours)
    return text


def _simulated(server: Server | Instance, endpoint: Endpoint) -> str:
    if not endpoint.simulated:
        return ""
    return _(
        "{server} is simulated: unless a real machine is put behind it, nothing answers."
    ).format(server=shown(server.name))  # fmt: skip


def kept(credential: Credential, of: Server | Instance) -> str:
    """Say where a remembered password serves, and how to be rid of it."""
    one = isinstance(of, Instance)
    text = {
        Scope.SERVER: _("Kept for this instance.") if one else _("Kept for this server."),
        Scope.ENVIRONMENT: _("Kept for {name}."),
        Scope.EVERYWHERE: _("Kept for every server."),
    }[credential.scope].format(name=credential.subject.name)
    off = _("Switch it off to forget it with this connection.")
    return f"{text} {off}"


def placeholder(protocol: str, *, kept: bool, command: bool) -> str:
    """Say in the empty password field where the password comes from."""
    if kept:
        return _("Taken from the keychain")
    if command:
        return _("Supplied by your vault command")
    if Protocol(protocol) is Protocol.SSH:
        return _("Leave empty to use your keys and your agent")
    return ""


def asks_itself() -> str:
    return _("The client on this computer asks for the password itself.")


def unknown() -> str:
    return _("The address to connect to is not known yet.")


def trust_question(look: HostCheck, *, server: str, word: str) -> str:
    """Ask whether to trust a server that was not trusted until now; `word` is the protocol."""
    ssh = Protocol(word) is Protocol.SSH
    text = (SSH_TRUST_QUESTIONS if ssh else TRUST_QUESTIONS).get(look.verdict)
    if text is None:
        return ""
    return _(text).format(
        whom=look.host if look.gateway else server,
        until=moment_in_full(look.known_until) if look.known_until else "",
    )


def fingerprint_groups(fingerprint: str) -> str:
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
