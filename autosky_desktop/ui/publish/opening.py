"""The choice of the Publish tab that an environment gets."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.publish.not_scaling import NotScaling
from autosky_desktop.ui.publish.page import PublishPage
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions


def publish_tab(
    environment: str,
    store: Store,
    intents: Intents,
    shutdowns: ShutdownQuestions,
    tasks: Nursery,
    now: Callable[[], datetime],
    parent: QWidget | None = None,
) -> QWidget:
    """Return a tab of forms where versions can be published, of one sentence where they cannot."""
    record = store.environments.get(environment)
    if record and not record.is_scaling:
        return NotScaling(parent)
    return PublishPage(environment, store, intents, shutdowns, tasks, now, parent)
