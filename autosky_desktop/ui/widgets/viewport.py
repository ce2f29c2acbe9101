"""The viewport of a view, made here instead of handed out by Qt."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def give_viewport(view: QAbstractScrollArea) -> QWidget:
    """Give a view the same viewport that Qt would have made, and return it.

    For one of Qt's, PySide6 looks for its class among all of Qt's widgets, and makes fifty enums:
    9 ms, before the first picture.
    """
    viewport = QWidget()
    viewport.setObjectName("qt_scrollarea_viewport")
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    view.setViewport(viewport)
    return viewport
