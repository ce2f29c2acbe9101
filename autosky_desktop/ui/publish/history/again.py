"""Publishing an earlier version again: which can be, and the line that says it is being done."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.publication import Publication, PublicationState, under_way
from autosky_desktop.store.store import Store
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.words import publishing
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.publishing import already_running


class Again(QObject):
    """Publishes earlier versions again.

    `asked`: the form is to be opened for this earlier version. `failed`: why not.
    """

    asked = Signal(int)
    failed = Signal(str)

    def __init__(self, environment: str, store: Store, parent: QObject) -> None:
        super().__init__(parent)
        self._environment = environment
        self._store = store

    def why_not(self, run: Publication) -> str:
        """Say why that version cannot be published again; empty when it can."""
        return why_not_again(self._store, self._environment, run)

    def why_not_before(self, run: Publication) -> str:
        """Say why what that run replaced cannot be published again; empty when it can."""
        return why_not_before(self._store, self._environment, run)

    def ask(self, run: Publication) -> None:
        self._ask(version_of(run), self.why_not(run))

    def ask_before(self, run: Publication) -> None:
        """Ask for what that run replaced, which nothing here had published."""
        self._ask(run.replaces or 0, self.why_not_before(run))

    def _ask(self, version: int, reason: str) -> None:
        if reason:
            self.failed.emit(reason)
        else:
            self.asked.emit(version)


class AgainLine(QFrame):
    """Says above the forms that they publish an earlier version. `left`: they no longer do."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice")
        self._text = QLabel()
        self._text.setWordWrap(True)
        set_style(self._text, TextStyle.BODY)
        leave = Button(_(labels.PUBLISH_PREPARATION_SERVER_INSTEAD), "link")
        leave.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(10)
        row.addWidget(IconLabel("undo", "text"))
        row.addWidget(self._text, 1)
        row.addWidget(leave)
        self.show_version(None)

    def show_version(self, version: int | None) -> None:
        self.setVisible(version is not None)
        text = _(labels.PUBLISHING_AGAIN)
        self._text.setText(text.format(n=version))


def why_not_again(store: Store, environment: str, run: Publication) -> str:
    """Say why the version of that run cannot be published again now; empty when it can."""
    return _why_not_now(store, environment) or _why_never(run, store.environments.get(environment))


def why_not_before(store: Store, environment: str, run: Publication) -> str:
    """Say why what that run replaced cannot be published again now; empty when it can."""
    record = store.environments.get(environment)
    current = record is not None and record.current_version == run.replaces
    return _why_not_now(store, environment) or (_(labels.ALREADY_CURRENT) if current else "")


def _why_not_now(store: Store, environment: str) -> str:
    if not store.connection.live:
        return _(labels.NO_CONNECTION_TO_CONTROL_PLANE_SENTENCE)
    running = under_way(store.details(environment).publications)
    return already_running(running) if running else ""


def version_of(run: Publication) -> int:
    """Return the earlier version whose image the publication has."""
    return run.version if run.plan.image_of is None else run.plan.image_of


def note(version: int) -> str:
    return _(labels.VERSION_N_AGAIN).format(n=version)


def _why_never(run: Publication, record: Environment | None) -> str:
    if PublicationState(run.state) is not PublicationState.SUCCEEDED:
        if not run.instances_replaced:
            return _(labels.IT_WAS_NOT_PUBLISHED)
        return publishing.not_whole(run)
    if record and record.current_version == run.version:
        return _(labels.ALREADY_CURRENT)
    if run.image_gone:
        return _(labels.ITS_IMAGE_IS_GONE)
    return ""
