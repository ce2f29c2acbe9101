"""The button of the main menu: in the sidebar, and in the header while that is hidden."""

from PySide6.QtWidgets import QPushButton

from autosky_desktop.ui.widgets.button import PressedByEnter
from autosky_desktop.ui.widgets.icons import icon
from autosky_desktop.words.language import _


class MenuButton(PressedByEnter, QPushButton):
    """The main menu's button. It is a push button: a tool button would open its menu in a loop
    inside the loop.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setIcon(icon("menu"))
        self.setProperty("kind", "bare")
        self.setAccessibleName(_("Main menu"))
        self.setToolTip(_("Main menu"))
