"""The properties by which a widget tells the style sheet its look, also while it is shown."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget


def wear(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property that the style sheet asks for, and have the widget look like it.

    A widget that was never dressed is left alone, for Qt dresses it when it is shown. Others are
    dressed by the event with which Qt does it: the first style that Python is handed costs a start
    up to 9 ms, for Python's copies of the 566 names in its lists.
    """
    if (widget.property(name) or "") == (value or ""):
        return
    widget.setProperty(name, value)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
