"""Keys and names that lead to the form of a publishing model, from wherever one is."""

from functools import partial
from typing import cast

from autosky_desktop.domain.plan import Model
from autosky_desktop.store.store import Store
from autosky_desktop.ui.frame.commands import Commands
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.words import publishing
from autosky_desktop.words.language import _

IN_ORDER = (Model.OPTIMIZED, Model.STANDARD, Model.KEEP, Model.RECONNECT)


def add_model_commands(commands: Commands, window: MainWindow, store: Store) -> None:
    """Add Alt+1 to Alt+5, in the order of the models' tabs."""
    text = _("Publish: {model}")
    names = [publishing.model(it) for it in IN_ORDER]
    added = [
        commands.add(
            text.format(model=name),
            f"Alt+{number + 1}",
            partial(_show, window, number),
            listed=False,
        )
        for number, name in enumerate((*names, _("Scheduled")))
    ]
    reason = _("Only scaling environments publish versions.")
    commands.need_scaling(added, window.opened, store, reason)


def _show(window: MainWindow, number: int) -> None:
    from autosky_desktop.ui.publish.page import PublishPage

    window.show_tab("publish")
    page = cast("object", window.page and window.page.tab("publish"))
    if isinstance(page, PublishPage):
        page.forms.tabs.setCurrentIndex(number)
        page.setFocus()
