"""What no publication can be made of is refused, in a sentence."""

import pytest

from autosky_desktop.domain.plan import Hold, Plan, PublishRequest
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.publications.validation import refuse_senseless
from autosky_desktop.server.refusal import Refusal
from tests.support.cloud import MORNING


@pytest.mark.parametrize("hold", [Hold(first=2), Hold(share=25), Hold(named=("A",))])
def test_a_hold_says_in_one_way_who_goes_first(hold):
    refuse_senseless(PublishRequest(expected_version=58, plan=Plan(hold=hold)), MORNING)


@pytest.mark.parametrize("hold", [Hold(), Hold(first=2, share=25), Hold(first=2, named=("A",))])
def test_a_hold_of_none_or_of_two_is_refused(hold):
    with pytest.raises(Refusal) as caught:
        refuse_senseless(PublishRequest(expected_version=58, plan=Plan(hold=hold)), MORNING)
    assert caught.value.code is Code.INVALID_REQUEST
    assert (
        caught.value.detail == "a hold has a first number of instances, or a share, or their names"
    )
