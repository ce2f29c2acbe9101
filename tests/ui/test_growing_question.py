"""A question that follows the facts is as high as its words, and stays under the pointer."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QScrollBar

from autosky_desktop.ui.question import Question
from tests.support.evening import NOW, an_evening
from tests.support.person import Person, visible
from tests.ui.publish.run.test_runs import a_run, tell


async def test_a_question_grows_with_its_words_and_its_buttons_stay_where_they_are(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_run(instances_replaced=1, instances_total=3))
        await me.presses("Stop publication")
        await me.sees("Stop the publication of version 42?")
        question = next(visible(Question))
        before, foot = question.height(), question.acting.mapToGlobal(QPoint()).y()
        for run in (
            a_run(instances_replaced=2, instances_total=3),  # as wide as there is room for
            a_run(instances_replaced=2, instances_total=3, state="failed", ended_at=NOW),
        ):
            tell(evening, run)
            await me.sees("Consequence: Now: 2 instances", "It has ended in the meantime.")
            await me.until(lambda: is_whole(question), "all of it, without scrolling")
            assert question.acting.mapToGlobal(QPoint()).y() == foot
        assert question.height() > before
        await me.presses("Go back")


def is_whole(question: Question) -> bool:
    """Whether nothing of it is behind a scroll bar or a line that is cut."""
    bars = [it for it in question.findChildren(QScrollBar) if it.isVisible()]
    cut = [it for it in question._rows if it.height() < it.heightForWidth(it.width())]
    return (
        not bars
        and not cut
        and question._scroll.height() >= question._scroll.height_for(question.width())
    )
