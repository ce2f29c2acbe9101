"""The names and the addresses of control planes, as people type and paste them."""

import pytest

from autosky_desktop.domain.joined_plane import address_of, is_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://cp.example.net", "https://cp.example.net"),
        ("  HTTPS://CP.Example.net:443/ ", "https://cp.example.net"),
        ("https://example.net:8470/autosky/", "https://example.net:8470/autosky"),
        ("https://[2001:db8::1]:8470", "https://[2001:db8::1]:8470"),
        ("http://127.0.0.1:8470", "http://127.0.0.1:8470"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_address_is_kept_in_one_way_however_it_was_pasted(typed: str, kept: str) -> None:
    assert address_of(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "cp.example.net", "cp.example.net:8470", "ftp://cp.example.net", "https://",
        "http://cp.example.net", "http://localhost.example.net", "http://127.0.0.1.example.net",
        "https://ana:secret@cp.example.net", "https://@cp.example.net",
        "https://cp.example.net/?a=1",
        "https://cp.example.net/#/servers", "https://cp.example.net:99999", "https://[::1",
        "https://cp.ex]ample.net", "https://cp.ex[ample.net", "https://[cp].example.net",
        "https://cp.example.net\\@evil.example", "https://cp example.net",
        "https://cp.example\u200b.net",
    ],
)  # fmt: skip
def test_a_token_is_sent_to_no_address_that_is_open_or_doubtful(typed: str) -> None:
    assert address_of(typed) is None


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("Skyone", True), ("São Paulo 2", True), ("n" * 60, True), ("", False), (" team", False),
        ("n" * 61, False), ("a\nb", False), ("a\u202eb", False), ("This-Computer", False),
    ],
)  # fmt: skip
def test_a_name_can_be_read_and_is_not_that_of_this_computer(name: str, good: bool) -> None:
    assert is_name(name) is good
