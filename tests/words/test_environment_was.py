"""What the sidebar says of an environment while nobody knows how it is now."""

import pytest

from autosky_desktop.domain.environment import Environment, Preparation, ProviderTrouble
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


@pytest.mark.parametrize("trouble", ProviderTrouble)
def test_each_trouble_has_its_own_word(trouble: ProviderTrouble) -> None:
    shown = an_environment(unreachable="Why.", trouble=trouble.value)
    others = [
        environment_was(an_environment(unreachable="Why.", trouble=it.value), now=NOW)
        for it in ProviderTrouble
        if it is not trouble
    ]
    assert environment_was(shown, now=NOW) not in others


def test_a_trouble_of_tomorrow_is_no_false_word() -> None:
    shown = an_environment(unreachable="Why.", trouble="meteor")
    assert environment_was(shown, now=NOW)[1] == "Cannot be read"
