"""The commands of one publication: the lines of its row's menu, and the palette's entries of it."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from autosky_desktop.domain.publication import Publication
from autosky_desktop.store.store import Store
from autosky_desktop.ui.publish.history.again import why_not_again
from autosky_desktop.ui.servers.menu import why_offline
from autosky_desktop.words.language import N_


class RunActions(Protocol):
    """The actions on a publication, of whoever shows it."""

    def open_details(self, run: Publication) -> None: ...

    def publish_again(self, run: Publication) -> None: ...

    def copy(self, run: Publication) -> None: ...

    def copy_link(self, run: Publication) -> None: ...

    def move_run(self, run: Publication) -> None: ...

    def edit(self, run: Publication) -> None: ...

    def cancel(self, run: Publication) -> None: ...


class RunCommand(NamedTuple):
    """A command of one publication. `text` stands in the menu of its row; `named`, in the palette,
    says with {n} and {date} of which publication. `why_not` takes the id of its environment.
    """

    text: str
    named: str
    icon: str
    do: Callable[[RunActions, Publication], None]
    why_not: Callable[[Store, str, Publication], str]
    key: str = ""


def _never(_store: Store, _environment: str, _run: Publication) -> str:
    return ""


def _offline(store: Store, _environment: str, _run: Publication) -> str:
    return "" if store.connection.live else why_offline()


OF_VERSION = (
    RunCommand(
        N_("Details"),
        N_("Details of version {n}, {date}"),
        "info",
        lambda records, run: records.open_details(run),
        _never,
        key="Enter",
    ),
    RunCommand(
        N_("Publish this version again…"),
        N_("Publish version {n} again…"),
        "undo",
        lambda records, run: records.publish_again(run),
        why_not_again,
    ),
)
COPIES = (
    RunCommand(
        N_("Copy details"),
        N_("Copy details of version {n}, {date}"),
        "copy",
        lambda records, run: records.copy(run),
        _never,
    ),
    RunCommand(
        N_("Copy link"),
        N_("Copy link to version {n}, {date}"),
        "copy",
        lambda records, run: records.copy_link(run),
        _never,
    ),
)
OF_HISTORY = (*OF_VERSION, *COPIES)
"""The commands of a publication that has begun; its row can be compared as well."""

OF_SCHEDULED = (
    RunCommand(
        N_("Move…"),
        N_("Move the publication of {date}…"),
        "clock-plus",
        lambda records, run: records.move_run(run),
        _offline,
    ),
    RunCommand(
        N_("Edit"),
        N_("Edit the publication of {date}"),
        "gear",
        lambda records, run: records.edit(run),
        _offline,
    ),
    RunCommand(
        N_("Cancel…"),
        N_("Cancel the publication of {date}…"),
        "clock-x",
        lambda records, run: records.cancel(run),
        _offline,
    ),
    RunCommand(
        N_("Copy link"),
        N_("Copy link to the publication of {date}"),
        "copy",
        lambda records, run: records.copy_link(run),
        _never,
    ),
)
"""The commands of a publication that waits for its time."""
