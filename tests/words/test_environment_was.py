"""What the sidebar says of an environment while nobody knows how it is now."""

import pytest

from autosky_desktop.domain.environment import Environment, Preparation
from autosky_desktop.words.states import environment_was
from tests.support.evening import NOW, an_environment

STOPPED = Preparation(id="prep", name="PREP", status="stopped")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (an_environment(preparation=STOPPED), "Was stopped"),
        (an_environment(preparation=None), "No preparation server"),
        (an_environment(kind="micro", preparation=None), "Micro"),
    ],
)
def test_only_a_state_was(environment: Environment, said: str) -> None:
    assert environment_was(environment, now=NOW)[1] == said
