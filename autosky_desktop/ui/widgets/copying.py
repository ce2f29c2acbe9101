"""Copying a link to a place of the window."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from autosky_desktop.domain.links import Link, Place
from autosky_desktop.store.store import Store
from autosky_desktop.ui.widgets.announce import announce
from autosky_desktop.words.language import _


def link_to(store: Store, place: Place, identity: str) -> Link:
    """Return the link to that place on the control plane that is connected."""
    return Link(place, identity, store.me.control_plane_id if store.me else "")


def copy_link(window: QWidget, link: Link) -> None:
    """Put the link on the clipboard, and say so."""
    QGuiApplication.clipboard().setText(str(link))
    announce(window, _("Link copied"))
