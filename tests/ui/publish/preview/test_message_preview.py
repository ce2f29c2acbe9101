"""The picture of what users will see has all of it on it: from where, when, and the words."""

from PySide6.QtWidgets import QLabel

from autosky_desktop.ui.publish.preview.message_preview import MessagePreview
from tests.support.evening import an_evening
from tests.support.person import Person, visible
from tests.ui.publish.form.test_forms import open_form, write


def in_the_picture() -> list[str]:
    """What can be read there, from top to bottom."""
    [card] = visible(MessagePreview)
    [screen] = [it for it in card.findChildren(object) if it.property("kind") == "seen"]
    labels = [it for it in screen.findChildren(QLabel) if it.isVisible() and it.text()]
    return [it.text() for it in labels]


async def test_the_environment_the_time_and_the_message_stand_on_the_screen(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await open_form(me, "Request user reconnection")
        await me.sees("What users will see: A critical update is ready.")
        write("Save now: {version} comes at {time}, in {minutes} min")
        await me.sees("What users will see: Save now: 42 comes at 18:43, in 10 min")
        said = ["ERP Production", "18:33", "Save now: 42 comes at 18:43, in 10 min"]
        assert in_the_picture() == said
        await me.opens_tab("Last minute")
        await me.sees("What users will see: Save now: 42 comes at 18:43, in 1 min")
        said = ["ERP Production", "18:42", "Save now: 42 comes at 18:43, in 1 min"]
        assert in_the_picture() == said
