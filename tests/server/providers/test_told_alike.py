"""Every kind of provider's error is called the same wherever it is told, and worded there."""

import pytest

from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.api.problems import STATUS
from autosky_desktop.server.providers.provider import ProviderError
from autosky_desktop.server.providers.retry import refusal_of
from autosky_desktop.words.reasons import words_of

KINDS = ProviderError.__subclasses__()


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_one_code_in_an_answer_and_of_a_step(kind: type[ProviderError]) -> None:
    refusal = refusal_of(kind("No room."))
    assert (refusal.code, refusal.detail) == (kind.code, "No room.")
    assert refusal.code in STATUS
    assert Reason(kind.code).value == kind.code, "a step can say it"


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_worded_where_it_is_told(kind: type[ProviderError]) -> None:
    words = words_of(kind.code)
    assert words.answer
    assert words.record
    assert words.step


def test_there_are_kinds_to_try_each_with_a_code_of_its_own() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS) >= 2
