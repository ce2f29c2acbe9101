"""Links lead to a place or are none; whatever is in them, reading one never fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosky_desktop.domain.links import Link, Place, parse
from tests.support.planes import A_PLANE


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("autosky://environment/erp-production", Link(Place.ENVIRONMENT, "erp-production")),
        ("AUTOSKY://Environment/ERP/", Link(Place.ENVIRONMENT, "ERP")),
        (
            f"autosky://environment/erp?plane={A_PLANE}",
            Link(Place.ENVIRONMENT, "erp", A_PLANE),
        ),
        ("autosky://publication/01J8%2D2", Link(Place.PUBLICATION, "01J8-2")),
        ("autosky://server/prep-erp", Link(Place.SERVER, "prep-erp")),
    ],
)
def test_a_link_leads_to_a_place(text: str, link: Link) -> None:
    assert parse(text) == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "environment/erp",
        "https://environment/erp",
        "autosky://instance/erp",
        "autosky://environment",
        "autosky://environment/",
        "autosky://environment/a/b",
        "autosky://environment/..%2F..",
        "autosky://environment/erp?stop=1",
        "autosky://environment/erp?plane=",
        "autosky://environment/erp?plane=../../..",
        f"autosky://environment/erp?plane={A_PLANE}0",
        f"autosky://environment/erp?plane={A_PLANE}&stop=1",
        f"autosky://environment/erp?plane={A_PLANE}\n",
        "autosky://environment/erp#now",
        "autosky://user@environment/erp",
        "autosky://environment/erp\nautosky://environment/x",
        "autosky://[/x",
        "autosky://environment/" + "x" * 600,
        "--data=/etc",
    ],
)
def test_anything_else_is_no_link(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=700) | st.text(max_size=30).map(lambda it: f"autosky://environment/{it}"))
def test_whatever_it_is_reading_it_never_fails_and_says_the_same_again(text: str) -> None:
    link = parse(text)
    assert link is None or parse(str(link)) == link
