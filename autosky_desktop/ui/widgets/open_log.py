"""Opening the log that a sentence speaks of, with whatever the person reads texts with."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.errors import CannotStart, Refused
from autosky_desktop.system import folders
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.words.errors import Log, log_of
from autosky_desktop.words.labels import widgets as labels
from autosky_desktop.words.language import _


def place_of(log: Log, data: Path) -> Path:
    """Return where that log is, of a control plane with this data folder; the folder of logs where
    there is none.
    """
    window = folders.logs() / "desktop.log"
    plane = data / "logs" / "control-plane.log"
    last_words = data / "control-plane.err"  # of one that ended before it had a log
    wanted = [window] if log is Log.WINDOW else [last_words, plane, window]
    there = (it for it in wanted if it.is_file() and it.stat().st_size)
    return next(there, folders.logs())


def data_folder() -> Path:
    """Return the folder of the control plane on this computer."""
    given: Path | None = getattr(QCoreApplication.instance(), "data", None)
    return given or folders.data()


def named_data_folder(cause: Exception | None) -> str:
    """Name the data folder for an error that may be about it; empty for any other."""
    about = isinstance(cause, Refused) and cause.problem.code.startswith("storage-")
    if not (about or isinstance(cause, CannotStart)):
        return ""
    return _(labels.DATA_FOLDER_IS).format(folder=data_folder())


def open_log(log: Log = Log.WINDOW) -> None:
    """Open the log with what the person has chosen to open texts with."""
    from PySide6.QtGui import QDesktopServices  # not for the first paint

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(place_of(log, data_folder()))))


class LogButton(Button):
    """Opens the log that the sentence beside it speaks of; hidden where it speaks of none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        text = _(labels.OPEN_THE_LOG)
        super().__init__(text, small=True, parent=parent)
        self._log = Log.WINDOW
        self.clicked.connect(lambda: open_log(self._log))
        self.hide()

    def show_for(self, text: str) -> None:
        """Show the button if `text`, which is said beside it, speaks of a log."""
        log = log_of(text)
        self._log = log or Log.WINDOW
        self.setVisible(log is not None)
