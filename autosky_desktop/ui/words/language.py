"""The two names of Qt's translation that its tools look for in the source."""

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text that is translated later, when it is shown."""
    return text
