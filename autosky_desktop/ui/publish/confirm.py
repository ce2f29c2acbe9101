"""The question before publishing: its consequences, sorted by weight."""

from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.plan import Options
from autosky_desktop.domain.publication import Preview
from autosky_desktop.domain.server import ServerState
from autosky_desktop.ui.question import Act, Ask, Consequence, Question
from autosky_desktop.ui.tasks import Nursery
from autosky_desktop.ui.words import counts, publishing
from autosky_desktop.ui.words.language import translate


def ask_to_publish(
    window: QWidget,
    environment: Environment,
    preview: Preview,
    options: Options,
    operator: str,
    *,
    publish: Act,
    tasks: Nursery,
) -> None:
    """Open the question; `publish` sends the request when the person has agreed."""
    button = translate("publish", "Publish version {version}").format(version=preview.version)
    if preview.sessions_end:
        button = translate("publish", "Publish and end {sessions}").format(
            sessions=counts.sessions(preview.sessions_end)
        )
    ask = Ask(
        translate("publish", "Confirm publication"),
        translate("publish", "Publish version {version} to {environment}?").format(
            version=preview.version, environment=environment.name
        ),
        [_sessions(preview), _instances(preview, options), _preparation(preview, options)],
        button,
        translate("publish", "Publishing…"),
        note=translate("publish", "Publishing as {operator}").format(operator=operator),
        hurts=preview.sessions_end > 0,
    )
    Question(window, environment, ask, publish, tasks).open()


def _sessions(preview: Preview) -> Consequence:
    if preview.sessions_end:
        text = translate(
            "publish",
            "<b>{sessions} end at once.</b> Unsaved work is lost and users get no warning.",
        ).format(sessions=counts.sessions(preview.sessions_end))
        return Consequence("users", "bad", text)
    if preview.sessions_stay:
        return Consequence(
            "users",
            "ok",
            translate("publish", "<b>{sessions}</b> stay until users sign out.").format(
                sessions=counts.sessions(preview.sessions_stay)
            ),
            translate("publish", "The publication ends when the last of them has."),
        )
    return Consequence("users", "ok", translate("publish", "No session is open."))


def _instances(preview: Preview, options: Options) -> Consequence:
    if preview.instances == 0:
        return Consequence("layers", "ok", translate("publish", "No instance is running."))
    blocked = translate("publish", "Nobody new gets onto them until then.")
    return Consequence(
        "layers",
        "warn",
        translate("publish", "{instances} are replaced one after another.").format(
            instances=counts.instances(preview.instances)
        ),
        blocked if options.block_instances else "",
    )


def _preparation(preview: Preview, options: Options) -> Consequence:
    stops = options.stop_preparation_server
    running = ServerState(preview.preparation) is ServerState.RUNNING
    return Consequence(
        "server",
        "warn" if stops and running else "ok",
        translate("publish", "Preparation server: {text}.").format(
            text=publishing.preparation_touched(preview, options).lower()
        ),
    )
