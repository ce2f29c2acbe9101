"""The guide, to be read beside the window and without a network."""

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from autosky_desktop.system import folders
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.words import language
from autosky_desktop.words.labels import help as labels
from autosky_desktop.words.labels.widgets import WINDOW_TITLE
from autosky_desktop.words.language import _

SIZE = 720, 640
FIRST = "index.md"


class GuideWindow(QWidget):
    """Shows the pages of the guide in the language of the window; their links lead on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_(WINDOW_TITLE).format(title=_(labels.GUIDE)))
        # with large letters it would be wider than a small screen
        self.resize(QSize(*map(scaled, SIZE)).boundedTo(self.screen().availableSize()))
        self._pages = QTextBrowser()
        self._pages.setAccessibleName(_(labels.GUIDE))
        self._pages.setOpenExternalLinks(True)
        self._pages.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._pages.document().setDocumentMargin(scaled(24))
        self._back = Button(_(labels.BACK), small=True)
        first = Button(_(labels.CONTENTS), small=True)
        self._back.clicked.connect(self._pages.backward)
        first.clicked.connect(self.show_first)
        self._pages.backwardAvailable.connect(self._back.setEnabled)
        self._back.setEnabled(False)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 0)
        row.addWidget(self._back)
        row.addWidget(first)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._pages)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        self.show_first()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the page anew in other colours: those of its links were taken when it was read."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._pages.reload()

    def show_first(self) -> None:
        """Show the list of pages."""
        page = folders.guide() / _language() / FIRST
        kind = QTextDocument.ResourceType.MarkdownResource
        self._pages.setSource(QUrl.fromLocalFile(str(page)), kind)


def show_guide(window: QWidget) -> None:
    """Show the guide in a window of its own, or bring the one that is open to the front."""
    shown = window.findChild(GuideWindow) or GuideWindow(window)
    shown.show()
    shown.raise_()
    shown.activateWindow()


def _language() -> str:
    """Return the folder of the language: pt for pt_BR; English for one without a guide."""
    wanted = language.code().partition("_")[0]
    return wanted if (folders.guide() / wanted).is_dir() else language.ENGLISH
