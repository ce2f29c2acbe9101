"""The rows of the table of instances: its columns, and what each of them shows.

They stand alone, as those of the history and of the schedule do.
"""

from collections.abc import Callable

from autosky_desktop.domain.environment import Instance, InstanceLoad
from autosky_desktop.domain.searching import by_number, plain
from autosky_desktop.ui.widgets.table.model import END, Column
from autosky_desktop.words import sessions as words
from autosky_desktop.words import states
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _

Load = Callable[[str], InstanceLoad | None]


def columns(load: Load) -> tuple[Column[Instance], ...]:
    """Return the columns; `load` returns how busy an instance is, None where that is not told. They
    are not sorted by that: it changes while one looks.
    """
    none, unsaid = _(labels.NONE), _(labels.NOT_REPORTED)
    return (
        Column(_(labels.INSTANCE), lambda it: it.name, kind="name",
               weight=14, sort=lambda it: plain(it.name)),
        Column(_(labels.PUBLIC_IP), lambda it: it.public_ip,
               kind="address", weight=29, missing=none, sort=lambda it: by_number(it.public_ip)),
        Column(_(labels.PRIVATE_IP), lambda it: it.private_ip,
               kind="address", weight=28, missing=none, sort=lambda it: by_number(it.private_ip)),
        Column(_(labels.SESSIONS), _sessions, weight=13, align=END,
               missing=unsaid, sort=lambda it: it.sessions),
        Column(_(labels.LOAD), lambda it: words.load(load(it.id)), kind="quiet", weight=12,
               align=END, missing=_(labels.UNKNOWN),
               accessible=lambda it: words.load_in_full(load(it.id))),
        Column(_(labels.VERSION), lambda it: str(it.version), weight=11,
               align=END, sort=lambda it: it.version),
        Column(_(labels.STATUS), kind="status", weight=21,
               status=states.instance_look, sort=lambda it: states.instance_state(it.status)),
        Column("", kind="menu", width=40,
               accessible=lambda it: _(labels.ACTIONS_FOR_SERVER).format(server=it.name)),
    )  # fmt: skip


def _sessions(instance: Instance) -> str | None:
    return None if instance.sessions is None else str(instance.sessions)
