"""What a plan may say: the most of each number, and what is meant by leaving one out."""

import msgspec
import pytest

from autosky_desktop.domain.plan import Options, Plan, PublishRequest, Reconnection


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
