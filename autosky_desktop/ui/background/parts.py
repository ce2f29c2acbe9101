"""The parts that reminders and the tray are made of: those of the window and of the system."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from autosky_desktop.store.store import Store
from autosky_desktop.system.settings import Preferences
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.connect.connections import Connections
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.navigation import Navigation
from autosky_desktop.ui.reminders.bell import Bell
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions

if TYPE_CHECKING:
    from autosky_desktop.flows.mailing import Mailing
    from autosky_desktop.flows.remind import Alarm, Keeping
    from autosky_desktop.system.connect.credentials import Credentials
    from autosky_desktop.system.notifications import Notifier
    from autosky_desktop.ui.tray.host import TrayHost


class WindowParts(Struct, frozen=True):
    """The parts of the window that reminders and the tray need."""

    window: MainWindow
    store: Store
    shutdowns: ShutdownQuestions
    preferences: Preferences
    navigation: Navigation
    bell: Bell
    tasks: Nursery
    now: Callable[[], datetime]
    credentials: "Callable[[], Credentials]"
    connections: Connections
    mailing: "Callable[[], Mailing]"
    quit: Callable[[], None]


class SystemParts(Struct, frozen=True):
    """The parts of the system that reminders and the tray need."""

    keeping: "Keeping"
    notifier: "Notifier"
    alarm: "Callable[[Callable[[], None]], Alarm]"
    host: "TrayHost"
