"""The commands of one publication: the lines of its row's menu, and the palette's entries of it."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from autosky_desktop.domain.publication import Publication
from autosky_desktop.store.store import Store
from autosky_desktop.ui.publish.history.again import why_not_again
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.power import why_offline


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
        labels.DETAILS,
        labels.DETAILS_OF_VERSION_N_DATE,
        "info",
        lambda records, run: records.open_details(run),
        _never,
        key="Enter",
    ),
    RunCommand(
        labels.PUBLISH_THIS_VERSION_AGAIN,
        labels.PUBLISH_VERSION_N_AGAIN,
        "undo",
        lambda records, run: records.publish_again(run),
        why_not_again,
    ),
)
COPIES = (
    RunCommand(
        labels.COPY_DETAILS,
        labels.COPY_DETAILS_OF_VERSION,
        "copy",
        lambda records, run: records.copy(run),
        _never,
    ),
    RunCommand(
        labels.COPY_LINK,
        labels.COPY_LINK_TO_VERSION,
        "copy",
        lambda records, run: records.copy_link(run),
        _never,
    ),
)
OF_HISTORY = (*OF_VERSION, *COPIES)
"""The commands of a publication that has begun; its row can be compared as well."""

OF_SCHEDULED = (
    RunCommand(
        labels.MOVE_ELLIPSIS,
        labels.MOVE_PUBLICATION_OF_DATE,
        "clock-plus",
        lambda records, run: records.move_run(run),
        _offline,
    ),
    RunCommand(
        labels.EDIT,
        labels.EDIT_PUBLICATION_OF_DATE,
        "gear",
        lambda records, run: records.edit(run),
        _offline,
    ),
    RunCommand(
        labels.CANCEL,
        labels.CANCEL_PUBLICATION_OF_DATE,
        "clock-x",
        lambda records, run: records.cancel(run),
        _offline,
    ),
    RunCommand(
        labels.COPY_LINK,
        labels.COPY_LINK_TO_PUBLICATION,
        "copy",
        lambda records, run: records.copy_link(run),
        _never,
    ),
)
"""The commands of a publication that waits for its time."""
