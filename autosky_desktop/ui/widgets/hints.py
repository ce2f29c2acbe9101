"""The texts beside what is shown: tool tips, and announcements to people who listen."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from autosky_desktop.words.labels import widgets as labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.domain.links import Link


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Have assistive technology say `text`; `assertive` interrupts what it says now."""
    # here, as QAccessible's enums are not needed for the first picture of the window
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
    QAccessible.updateAccessibility(event)


def copy_link(window: QWidget, link: "Link") -> None:
    """Put the link on the clipboard, and say so."""
    QGuiApplication.clipboard().setText(str(link))
    announce(window, _(labels.LINK_COPIED))


def tip(text: str) -> str:
    """Make a tool tip of `text`: Qt would take a name like "<b>" for markup, and fetch its
    pictures.
    """
    if "<" not in text:
        return text
    from html import escape  # hardly ever needed, and never for the first paint

    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>"
