"""The keys that are told in several places, such as in a tip beside the list of all keys."""

from PySide6.QtGui import QKeySequence

FIND_ENVIRONMENT = "Ctrl+L"
ADD_ENVIRONMENT = "Ctrl+Shift+N"
FIND_HERE = "Ctrl+F"
PUBLISH = "Ctrl+P"
NOTIFICATIONS = "Ctrl+Shift+R"
SETTINGS = "Ctrl+,"
QUIT = "Ctrl+Q"
PUBLISH_FORM = "Alt+P"
NOTE = "Alt+N"


def written(keys: str | QKeySequence) -> str:
    """Return the keys as this system writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
