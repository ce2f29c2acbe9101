"""The way out of the window: with a question while something would stop."""

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.store.store import Store
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.words.language import translate


class Leaving:
    """The control plane on this computer ends with the window, and publications pause with it."""

    def __init__(self, window: QWidget, store: Store) -> None:
        self._window = window
        self._store = store
        self._question: Dialog | None = None

    def ask(self) -> None:
        """Quit, or ask first."""
        running = [it for it in self._store.environments if it.publishing]
        if not running:
            QApplication.quit()
        elif self._question is None:
            self._question = self._open(running)

    def _open(self, running: list[Environment]) -> Dialog:
        question = Dialog(
            self._window,
            translate("Leaving", "Quit during a publication?"),
            window_title=translate("Leaving", "Quit"),
            acting=translate("Leaving", "Quit"),
            safe=translate("Leaving", "Keep it open"),
        )
        for environment in running:
            label = QLabel(_pauses(environment))
            label.setWordWrap(True)
            set_style(label, TextStyle.BODY)
            question.body.addWidget(label)
        question.safe.setFocus()
        question.accepted.connect(QApplication.quit)
        question.finished.connect(self._answered)
        question.open()
        return question

    def _answered(self) -> None:
        if self._question:
            self._question.deleteLater()
            self._question = None


def _pauses(environment: Environment) -> str:
    """What becomes of its publication."""
    return translate(
        "Leaving",
        "Version {version} of {environment} is being published. It pauses when you quit and "
        "goes on from its last step when Autosky Desktop is started again.",
    ).format(
        version=environment.publishing.version if environment.publishing else "",
        environment=environment.name,
    )
