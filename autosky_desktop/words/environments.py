"""The questions before an environment is paused or removed."""

from html import escape

from autosky_desktop.domain.environment import Environment
from autosky_desktop.words.language import _
from autosky_desktop.words.question import Ask, Consequence


def pausing(environment: Environment) -> Ask:
    name = escape(environment.name)
    return Ask(
        _("Pause environment"),
        _("Pause {environment}?").format(environment=environment.name),
        (
            Consequence(
                "cloud-off",
                "warn",
                _("The provider of {environment} is asked for nothing any more.").format(
                    environment=name
                ),
                _("What is shown stays as it was last read, until you resume it."),
            ),
            Consequence(
                "clock",
                "warn",
                _("Nothing is started, stopped or published in it."),
                _("Shutdowns and publications that fall due meanwhile do not take place."),
            ),
            Consequence(
                "server",
                "ok",
                _("Its machines go on as they are, and nobody is disconnected."),
            ),
        ),
        _("Pause"),
        _("Pausing…"),
        reason=_while_publishing(environment),
    )


def removing(environment: Environment) -> Ask:
    """Word the removal of an environment. People who work in it notice nothing; its history is
    what is lost.
    """
    scheduled = environment.next_publication and _("A publication is scheduled. Cancel it first.")
    return Ask(
        _("Remove environment"),
        _("Remove {environment} from Autosky Desktop?").format(environment=environment.name),
        (
            Consequence(
                "x-circle",
                "bad",
                _("Its history is no longer shown: its activity, and all that was published."),
                _("Export what you want to look at later."),
            ),
            Consequence(
                "clock",
                "warn",
                _("Nothing stops its preparation server by schedule any more."),
            ),
            Consequence(
                "server",
                "ok",
                _("Nothing is changed in its cloud: its machines and images stay."),
                _("You can add it again; it then begins without a history."),
            ),
        ),
        _("Remove environment"),
        _("Removing…"),
        hurts=True,
        reason=_while_publishing(environment) or scheduled or "",
    )


def _while_publishing(environment: Environment) -> str:
    if environment.publishing is None:
        return ""
    text = _("Version {version} is being published. Wait until that has ended, or stop it.")
    return text.format(version=environment.publishing.version)
