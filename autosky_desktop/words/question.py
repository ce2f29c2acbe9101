"""The words of a question before an act, and of what it will do."""

from collections.abc import Sequence

from msgspec import Struct


class Consequence(Struct, frozen=True):
    """One thing that will happen. `tone` is bad for what people lose, warn, or ok.

    The texts are HTML: names in them have to be escaped.
    """

    icon: str
    tone: str
    text: str
    explanation: str = ""


class Ask(Struct, frozen=True):
    """The words of one question.

    `hurts`: people lose work or their connection. `reason`: why it cannot be done by now.
    `later`: what it says happens at another time than the press of the button.
    `safe`: the words for leaving, where "Go back" says too little.
    `done`: things are as they would be after the act, whoever did it.
    """

    window_title: str
    question: str
    consequences: Sequence[Consequence]
    button: str
    doing: str
    note: str = ""
    hurts: bool = False
    reason: str = ""
    later: bool = False
    safe: str = ""
    done: bool = False
