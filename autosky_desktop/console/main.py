"""The command `autosky`, put together of all its commands."""

import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import click

from autosky_desktop import __version__
from autosky_desktop.console import people, planes, publishing, records, servers, signing_in, tokens
from autosky_desktop.console.reach import said, translate
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.words import console as words
from autosky_desktop.words.language import _

INTERRUPTED = 130
"""What a shell expects of a program that was interrupted."""
SHELLS = ("bash", "zsh", "fish")

COMMANDS = (
    servers.environments, servers.servers, servers.instances, servers.start, servers.stop,
    servers.restart, servers.shutdown, servers.sessions, publishing.publish,
    publishing.publication, publishing.go_on, publishing.go_back, publishing.retry,
    publishing.cancel, publishing.move, records.schedule, records.history, records.activity,
    planes.plane, signing_in.sign_in, signing_in.sign_out, people.user, tokens.token,
)  # fmt: skip


class InOrder(click.Group):
    """A group that lists its commands in the order in which they are used, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


def group() -> click.Group:
    """Return the whole command, in the language of this program."""
    made = InOrder("autosky", help=words.ABOUT, epilog=words.EXITS)
    made = click.version_option(__version__, message="autosky %(version)s")(made)
    for command in COMMANDS:
        made.add_command(command)
    for name, about in (
        ("desktop", words.DESKTOP),
        ("serve", words.SERVE),
        ("migrate", words.MIGRATE),
        ("environment", words.ENVIRONMENT),
        ("provider", words.PROVIDER),
        ("openapi", words.OPENAPI),
    ):
        made.add_command(_elsewhere(name, about))
    made.add_command(_completion(made))
    translate(made)
    return made


def main(arguments: Sequence[str]) -> int:
    """Do what is asked, and return the exit code."""
    logging.getLogger("autosky_desktop").addHandler(logging.NullHandler())  # not on the terminal
    for stream in (sys.stdout, sys.stderr):  # a name may have letters that the terminal has not
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = group().main(list(arguments), prog_name="autosky", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except AutoskyError as error:
        sys.stderr.write(f"autosky: {said(error)}\n")
        return 1
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write(f"\n{_(words.INTERRUPTED)}\n")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read it, such as head, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk behind `>`, for one
        sys.stderr.write(f"autosky: {words.not_by_this_computer(error.strerror or str(error))}\n")
        return 1
    return code if isinstance(code, int) else 0


def _elsewhere(name: str, about: str) -> click.Command:
    """Return a command that is only listed here: what is right of it was run before this."""

    def refuse(rest: tuple[str, ...]) -> int:
        raise click.UsageError(_(about) if rest else _(words.MISSING))

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)],
        help=about,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )


def _completion(whole: click.Group) -> click.Command:
    from click.shell_completion import get_completion_class

    def run(shell: str) -> int:
        made: Any = get_completion_class(shell)
        sys.stdout.write(made(whole, {}, "autosky", "_AUTOSKY_COMPLETE").source() + "\n")
        return 0

    shells = click.Argument(["shell"], type=click.Choice(SHELLS))
    return click.Command("completion", callback=run, params=[shells], help=words.COMPLETION)
