"""Names from elsewhere stand in our sentences as they are, and what has none gets one of ours."""

from autosky_desktop.words import names


def test_a_control_plane_without_a_name_is_this_computer() -> None:
    assert names.plane("") == "This computer"
    assert names.plane("Plant 2") == "Plant 2"


def test_a_long_name_may_be_broken_and_hides_nothing() -> None:
    assert names.shown("a" * 21) == "a" * 20 + "\N{ZERO WIDTH SPACE}a"
    assert names.shown("WEB\u202e-01\n") == "WEB -01"


def test_of_several_one_or_two_are_named_and_the_others_counted() -> None:
    assert names.several(["A"]) == "A"
    assert names.several(["A", "B"]) == "A and B"
    assert names.several(["A"], 2) == "A and 1 other"
    assert names.several(["A", "B", "C"]) == "A and 2 others"
