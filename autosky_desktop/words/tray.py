"""The lines of the tray's menu in words."""

from collections.abc import Sequence
from datetime import datetime

from autosky_desktop.domain.attention import stops_soon
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.estimate import left
from autosky_desktop.domain.publication import Publication
from autosky_desktop.words import reminding, states
from autosky_desktop.words.language import N_, _
from autosky_desktop.words.times import about

TRAY_IS = N_("Autosky Desktop: {state}")
OPEN_AUTOSKY_DESKTOP = N_("Open Autosky Desktop")
QUIT = N_("Quit")
SERVER_STOPS_AT = N_("{server} stops at {time}, in {left}")
EXTEND_1_H_TO_TIME = N_("Extend 1 h, to {time}")
EXTEND_UNTIL = N_("Extend until…")
CANCEL_SHUTDOWN = N_("Cancel shutdown…")
LAST_USED = N_("Last used")
SHOW_SERVERS = N_("Show servers")
PUBLISH_NEW_VERSION = N_("Publish new version")
CONNECT_AS = N_("Connect as…")
START_PREPARATION_SERVER = N_("Start preparation server…")
RESTORE_SHUTDOWN_AT_TIME = N_("Restore the shutdown at {time}")
SET_SHUTDOWN_TIME = N_("Set a shutdown time…")
RECENT_CONNECTIONS = N_("Recent connections")
SERVER_AS_ACCOUNT = N_("{server} as {account}…")
REMINDERS_ARE_PAUSED_UNTIL_TIME = N_("Reminders are paused until {time}")
REMIND_ME_AGAIN = N_("Remind me again")
PAUSE_REMINDERS = N_("Pause reminders")
FOR_1_H = N_("For 1 h")
FOR_TODAY = N_("For today")
NOTHING_RUNS = N_("Nothing is running, and nothing needs you")
PREPARATION_SERVER_IS_RUNNING = N_("A preparation server is running")
VERSION_IS_BEING_PUBLISHED = N_("A version is being published")
SOMETHING_NEEDS_YOU = N_("Something needs you")


def environment_line(environment: Environment, now: datetime) -> str:
    """Word an environment's line: ERP Production (production), running, stops in 3 h 20 min."""
    state = states.environment_look(environment, now=now)[1]
    parts = {
        "name": environment.name, "label": states.label(environment.label), "state": state,
    }  # fmt: skip
    text = _("{name} ({label}): {state}")
    shutdown = environment.preparation and environment.preparation.shutdown
    if not shutdown or shutdown.held or shutdown.at <= now or environment.unreachable is not None:
        return text.format(**parts)
    text = _("{name} ({label}): {state}, stops in {left}")
    if stops_soon(environment, now):
        text = _("{name} ({label}): {state}, in {left}")
    return text.format(**parts, left=reminding.left(shutdown.at, now))


def publication_line(environment: Environment, runs: Sequence[Publication], now: datetime) -> str:
    """Word the line of a publication: Version 42 of ERP Production: step 3 of 6, about 9 min left.

    `runs` are the known publications of the environment: none before it was opened.
    """
    run = environment.publishing
    if run is None:
        return ""
    text = _("Version {version} of {environment}: step {step} of {steps}")
    newest = sorted(runs, key=lambda it: it.requested_at, reverse=True)
    running = next((it for it in newest if not it.ended), None)
    rest = left(running, newest, now=now) if running else None
    if rest is not None:
        text = _("Version {version} of {environment}: step {step} of {steps}, about {time} left")
    return text.format(
        version=run.version,
        environment=environment.name,
        step=run.step,
        steps=run.steps,
        time="" if rest is None else about(rest),
    )


def scheduled_line(environment: Environment, now: datetime) -> str:
    """Word the line of a scheduled publication: Publication to ERP Production, scheduled for
    tomorrow 01:00.
    """
    at = environment.next_publication
    text = _("Publication to {environment}, scheduled for {time}")
    return text.format(environment=environment.name, time=reminding.at(at, now) if at else "")
