"""What a plan may say: the most of each number, what leaving one out means, and its message."""

import msgspec
import pytest

from autosky_desktop.domain.plan import (
    Options,
    Plan,
    PublishRequest,
    Reconnection,
    rendered,
    unknown,
)


@pytest.mark.parametrize(
    ("shape", "field", "most"),
    [
        (PublishRequest, '"expectedVersion":42,"note":"%s"', 200),
        (Reconnection, '"message":"m","minutes":%s', 60),
        (Reconnection, '"message":"m","againMinutes":%s', 60),
    ],
)
def test_the_most_is_taken_and_no_more(shape: type[msgspec.Struct], field: str, most: int) -> None:
    def told(number: int) -> str:
        return "{" + field % ("x" * number if "note" in field else number) + "}"

    msgspec.json.decode(told(most), type=shape)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(told(most + 1), type=shape)


def test_users_are_asked_once_unless_it_is_said_otherwise() -> None:
    assert Reconnection(message="Please reconnect").again_minutes == 0


def test_what_is_not_said_of_a_plan_is_the_gentle_way() -> None:
    """Programs of others plan too, and leave out what they have no opinion of."""
    said = b'{"reconnection": {"message": "Please sign in again."}}'
    plan = msgspec.json.decode(said, type=Plan)
    assert plan.reconnection == Reconnection(
        minutes=10, message="Please sign in again.", again_minutes=0
    )
    assert plan.options == Options(
        block_instances=True, terminate_sessions=False, stop_preparation_server=False
    )
    left_out = (plan.deadline, plan.hold, plan.image_of, plan.emails)
    assert left_out == (None, None, None, ())
    assert (plan.model, plan.stop_at_first_failure) == ("optimized", True)


@pytest.mark.parametrize(
    ("text", "minutes", "said"),
    [
        ("You have {minutes} minutes.", 10, "You have 10 minutes."),
        ("You have {minutes} minutes.", 1, "You have 1 minute."),
        ("Faltam {minutes} minutos", 1, "Faltam 1 minuto"),
        ("{minutes} MINUTES left", 1, "1 MINUTE left"),
        ("in {minutes} min", 1, "in 1 min"),
        ("in {minutes} minutes-long steps", 1, "in 1 minute-long steps"),
        ("{version} at {time}, {what}", 5, "42 at 19:00, {what}"),
    ],
)
def test_words_are_filled_in_and_one_minute_is_no_plural(
    text: str, minutes: int, said: str
) -> None:
    assert rendered(text, minutes=minutes, version=42, time="19:00") == said


def test_words_that_nothing_fills_in_are_known_beforehand() -> None:
    assert unknown("{minutes} {when} {}") == ["when", ""]
