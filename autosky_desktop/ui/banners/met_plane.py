"""The banner that says that a control plane is not the one that was here, or claims to be one."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.system.known_planes import Meeting
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.words.language import _


class MetPlane(QWidget):
    """The banner, hidden for a control plane that is known, or new where none was before."""

    def __init__(self) -> None:
        super().__init__()
        self._banner = Banner()
        self._banner.pressed.connect(self._pressed)
        self._moved_here: Callable[[], None] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._banner)

    def tell(self, meeting: Meeting, moved_here: Callable[[], None]) -> None:
        """Say which control plane was met. `moved_here` is called when the person says that it is
        the known one.
        """
        if meeting is Meeting.REPLACES:
            self._banner.tell(
                _("This is a different control plane from last time."),
                _("What you trusted or remembered there does not count here."),
                icon="alert-triangle",
                button=_("Dismiss"),
            )
        elif meeting is Meeting.ELSEWHERE:
            self._moved_here = moved_here
            self._banner.tell(
                _("You know this control plane from another folder."),
                _("Nothing from there is used here unless it was moved."),
                icon="alert-triangle",
                button=_("It was moved"),
            )

    def _pressed(self) -> None:
        if self._moved_here is None:
            self._banner.hide()
            return
        self._moved_here()
        self._moved_here = None
        self._banner.tell(
            _("What you remembered is used from the next start on."),
            icon="alert-triangle",
            button=_("Dismiss"),
        )
