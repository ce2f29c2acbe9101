"""The small window that asks whether a shutdown is to be skipped or to be none at all."""

from html import escape

from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.server import ScheduledShutdown, ShutdownMove, ShutdownRequest
from autosky_desktop.ui.servers.shutdown.dialog import About, ShutdownDialog, paragraph
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import CONFIRM
from autosky_desktop.words import shutdown as words
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _


class CancelShutdown(ShutdownDialog):
    """Asks whether a server shall keep running. With a daily schedule both are offered, to skip the
    shutdown once and to have none, and skipping once is the one that acts on Enter.
    """

    def __init__(self, parent: QWidget, about: About) -> None:
        super().__init__(
            parent,
            about,
            name=_(labels.CANCEL_SHUTDOWN),
            doing=_(labels.CANCELLING),
            width=CONFIRM,
        )
        self._once, self._none = paragraph("text2"), paragraph("text2")
        self._second = Button(_(labels.CANCEL_ALL_SHUTDOWNS))
        self._second.setAutoDefault(False)
        self.add_second(self._second)
        for widget in (self._once, self._none, self.error):
            self.body.addWidget(widget)
        self.refresh()

    def request(self, pressed: Button) -> ShutdownRequest | None:
        shutdown = self.shown
        if shutdown is None:
            return None
        skips = pressed is self.acting and shutdown.skips_to is not None
        move = ShutdownMove.SKIP if skips else ShutdownMove.CANCEL
        return ShutdownRequest(move=move, expected=shutdown.at)

    def show_shutdown(self, shutdown: ScheduledShutdown) -> None:
        server, now = self.moves.server(self.environment.id), self.now()
        name = server.name if server else ""
        self.set_title(words.keep_running(name, shutdown, now))
        self.setAccessibleName(self.windowTitle())
        daily = shutdown.skips_to is not None
        self._second.setVisible(daily)
        self._once.setVisible(daily)
        once, none = words.cancelled_once(shutdown, now), words.cancelled(shutdown, now)
        self.acting.setText(
            words.skip_button(shutdown, now) if daily else _(labels.CANCEL_SHUTDOWN)
        )
        if daily:
            self._once.setText(f"<b>{escape(self.acting.text())}</b>: {escape(once)}")
            self._none.setText(f"<b>{escape(self._second.text())}</b>: {escape(none)}")
        else:
            self._none.setText(escape(none))
        self.forbid("")
