"""The changes that come by themselves in the open environment, said to people who listen."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.publication import Publication
from autosky_desktop.domain.server import SETTLES, Server, ServerState
from autosky_desktop.store.store import EnvironmentDetails, Store
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.words import counts, states
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

TOGETHER = 300
"""Milliseconds in which changes are said together."""
MOST = 3
"""Servers that are named; of more their number is said."""


class SpokenChanges(QObject):
    """Says a server's state once it is reached, and each step of a publication as it begins.

    Each is said once, and no number that only grows. How a publication ended, and that one waits,
    is told by a notification.
    """

    def __init__(self, window: QWidget, store: Store) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self._details: EnvironmentDetails | None = None
        self._states: dict[str, str] = {}
        self._steps: dict[str, int] = {}
        self._servers: dict[str, str] = {}
        self._runs: dict[str, str] = {}
        self._later = QTimer(self, interval=TOGETHER, singleShot=True)
        self._later.timeout.connect(self._say)

    def show_environment(self, environment: str) -> None:
        if self._details:
            self._details.servers.unwatch(self._hear_of_servers)
            self._details.publications.unwatch(self._hear_of_runs)
        for known in (self._states, self._steps, self._servers, self._runs):
            known.clear()
        self._details = self._store.details(environment)
        self._details.servers.watch(self._hear_of_servers)
        self._details.publications.watch(self._hear_of_runs)

    def _hear_of_servers(self, diff: Diff[Server]) -> None:
        for server in (*diff.changed, *diff.added):
            before = self._states.get(server.id)
            self._states[server.id] = server.status
            if before not in (None, server.status) and ServerState(server.status) not in SETTLES:
                text = _(labels.SERVER_STATE)
                state = states.state_word(server.status)
                self._tell(self._servers, server.id, text.format(server=server.name, state=state))

    def _hear_of_runs(self, diff: Diff[Publication]) -> None:
        for run in (*diff.changed, *diff.added):
            before = self._steps.get(run.id)
            step = self._steps[run.id] = 0 if run.ended else run.current_step
            if step and before not in (None, step):
                text = _(labels.VERSION_STEP).format(
                    version=run.version,
                    n=step,
                    all=len(run.steps),
                    name=states.step_name(run.steps[step - 1].name),
                )
                self._tell(self._runs, run.id, text)

    def _tell(self, told: dict[str, str], key: str, text: str) -> None:
        told[key] = text
        if not self._later.isActive():
            self._later.start()

    def _say(self) -> None:
        texts = list(self._servers.values())
        if len(texts) > MOST:
            texts = [counts.have_another_state(len(texts))]
        texts += self._runs.values()
        self._servers.clear()
        self._runs.clear()
        if texts:
            announce(self._window, " ".join(texts))
