"""The words about starting, stopping and restarting servers: why it cannot be asked now, and the
question before it.
"""

from collections.abc import Mapping, Sequence
from html import escape

from msgspec.structs import replace

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.server import Power, Server, ServerRole, ServerState, possible
from autosky_desktop.words import counts, states
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.question import Ask, Consequence
from autosky_desktop.words.scheduling import named


def why_offline() -> str:
    return _("No connection to the control plane")


def why_not(server: Server, power: Power, *, live: bool) -> str:
    """Say why it cannot be asked now; empty when it can."""
    if not live:
        return why_offline()
    if power in possible(server.status):
        return ""
    state = ServerState(server.status)
    if power is Power.START and state is ServerState.RUNNING:
        return _("Already running")
    if power is Power.STOP and state is ServerState.STOPPED:
        return _("Already stopped")
    return _("Not while it is {state}").format(state=states.state_inside(server.status))


def why_none(reasons: Sequence[str]) -> str:
    """Say why none of several servers can be asked."""
    alike = len(set(reasons)) == 1
    return reasons[0] if alike else _("Not in their present states")


def words(
    environment: Environment,
    servers: Sequence[Server],
    power: Power,
    hours: int | None = None,
    *,
    live: bool,
) -> Ask:
    """Word what is asked of these servers as they are now, and why it cannot be asked of some.

    `hours` that a preparation server is to run; None: as usual.
    """
    reasons = {it.id: why_not(it, power, live=live) for it in servers}
    able = [it for it in servers if not reasons[it.id]]
    if len(servers) == 1:
        return replace(
            _of_one(environment, servers[0], power, hours), reason=reasons[servers[0].id]
        )
    if not able:
        return replace(_of_all(environment, servers, power), reason=why_none([*reasons.values()]))
    left_out = [f"{it.name}: {reasons[it.id]}" for it in servers if reasons[it.id]]
    return _of_all(environment, able, power, left_out)


def closing(ask: Ask, connected: Mapping[str, str]) -> Ask:
    """Add to the question the connections from here that it ends: a sentence by the name of each
    server, empty where none is open.
    """
    lost = [
        Consequence("monitor", "warn", escape(text), f"<b>{escape(name)}</b>")
        for name, text in connected.items()
        if text
    ]
    return replace(ask, consequences=(*lost, *ask.consequences))


def run_time(hours: int, *, usual: bool) -> str:
    """Word a time to run that can be chosen: 4 hours (usual)."""
    if not usual:
        return counts.hours(hours)
    return ngettext("{n} hour (usual)", "{n} hours (usual)", hours).format(n=hours)


def off_after(hours: int) -> str:
    """Say for how long a preparation server that is started runs."""
    text = ngettext(
        "It switches itself off after {n} hour.", "It switches itself off after {n} hours.", hours
    )
    return text.format(n=hours)


def _of_one(
    environment: Environment, server: Server, power: Power, hours: int | None = None
) -> Ask:
    preparation = server.role == ServerRole.PREPARATION
    if power is Power.START:
        return _start(environment, server, hours, preparation=preparation)
    if power is Power.STOP and preparation:
        return _stop_preparation(environment, server)
    return _interrupt(environment, server, power)


def _start(
    environment: Environment, server: Server, hours: int | None, *, preparation: bool
) -> Ask:
    goes_on = Consequence(
        "server",
        "ok",
        _("{server} starts. That takes a minute or two.").format(server=escape(server.name)),
        _("From then on the provider charges for it."),
    )
    stops = Consequence(
        "clock",
        "warn",
        off_after(hours or environment.run_hours),
        _sooner(environment),
    )
    return Ask(
        _("Start server"),
        _("Start {server}?").format(server=server.name),
        (goes_on, stops) if preparation else (goes_on,),
        _("Start server") if preparation else _("Start"),
        _("Starting…"),
        note=_("In {environment}").format(environment=environment.name),
    )


def _sooner(environment: Environment) -> str:
    """Say what else there is to know of when it switches itself off."""
    if environment.daily_stop is None:
        return _("The Servers tab shows when.")
    text = _("Or earlier, at the daily stop at {time}. The Servers tab shows when.")
    return text.format(time=escape(named(environment.daily_stop, environment.time_zone)))


def _stop_preparation(environment: Environment, server: Server) -> Ask:
    off = Consequence(
        "server",
        "warn",
        _("{server} is switched off.").format(server=escape(server.name)),
        _("Whoever works on it loses the connection. Users are not affected."),
    )
    return Ask(
        _("Stop server"),
        _("Stop {server}?").format(server=server.name),
        (off,),
        _("Stop server"),
        _("Stopping…"),
        note=_("In {environment}").format(environment=environment.name),
    )


def _interrupt(environment: Environment, server: Server, power: Power) -> Ask:
    """Word stopping or restarting a support server: the application is cut off from it."""
    stop = power is Power.STOP
    sessions = environment.sessions
    if stop:
        text = _("{environment} cannot use what {server} provides while it is off.")
    else:
        text = _("{environment} cannot use what {server} provides until it runs again.")
    holds = _("Type: {type}.")
    consequences = [
        _people(sessions),
        Consequence(
            "database",
            "warn",
            text.format(environment=escape(environment.name), server=escape(server.name)),
            holds.format(type=escape(states.server_type(server.type))) if server.type else "",
        ),
    ]
    question = _("Stop {server}?") if stop else _(
        "Restart {server}?"
    )  # fmt: skip
    return Ask(
        _("Stop server") if stop else _("Restart server"),
        question.format(server=server.name),
        consequences,
        _("Stop server") if stop else _("Restart"),
        _("Stopping…") if stop else _("Restarting…"),
        hurts=bool(sessions),
    )


def _people(sessions: int | None, *, of_several: bool = False) -> Consequence:
    if sessions is None:
        return Consequence("users", "warn", _("The number of open sessions is not reported."))
    if sessions == 0:
        return Consequence("users", "ok", _("No session is open."))
    text = ngettext(
        "<b>{n} session</b> is cut off from it.",
        "<b>{n} sessions</b> are cut off from it.",
        sessions,
    )
    if of_several:
        text = ngettext(
            "<b>{n} session</b> is cut off from them.",
            "<b>{n} sessions</b> are cut off from them.",
            sessions,
        )
    return Consequence(
        "users",
        "bad",
        text.format(n=sessions),
        _("Users get no warning. What they have not saved may be lost."),
    )


def _of_all(
    environment: Environment, servers: Sequence[Server], power: Power, left_out: Sequence[str] = ()
) -> Ask:
    number = len(servers)
    title, question, button, doing = {
        Power.START: (
            _("Start servers"),
            ngettext("Start {n} server?", "Start {n} servers?", number),
            ngettext("Start {n} server", "Start {n} servers", number),
            _("Starting…"),
        ),
        Power.STOP: (
            _("Stop servers"),
            ngettext("Stop {n} server?", "Stop {n} servers?", number),
            ngettext("Stop {n} server", "Stop {n} servers", number),
            _("Stopping…"),
        ),
        Power.RESTART: (
            _("Restart servers"),
            ngettext("Restart {n} server?", "Restart {n} servers?", number),
            ngettext("Restart {n} server", "Restart {n} servers", number),
            _("Restarting…"),
        ),
    }[power]
    cuts = power is not Power.START
    consequences = [_people(environment.sessions, of_several=True)] if cuts else []
    consequences.append(_all_of_them(environment, servers, power))
    if left_out:
        consequences.append(_left_out(left_out))
    return Ask(
        title,
        question.format(n=number),
        consequences,
        button.format(n=number),
        doing,
        note=_("In {environment}").format(environment=environment.name),
        hurts=cuts and bool(environment.sessions),
    )


def _all_of_them(environment: Environment, servers: Sequence[Server], power: Power) -> Consequence:
    text = {
        Power.START: _("They start. That takes a minute or two."),
        Power.STOP: _("{environment} cannot use what they provide while they are off."),
        Power.RESTART: _("{environment} cannot use what they provide until they run again."),
    }[power]
    names = ", ".join(escape(server.name) for server in servers)
    tone = "ok" if power is Power.START else "warn"
    text = text.format(environment=escape(environment.name))
    return Consequence("database", tone, text, f"<b>{names}</b>")


def _left_out(reasons: Sequence[str]) -> Consequence:
    return Consequence(
        "info",
        "text2",
        _("Left out:"),
        "<br>".join(map(escape, reasons)),
    )
