"""What is an address of electronic mail, and what is none."""

import pytest

from autosky_desktop.domain.mail import is_address


@pytest.mark.parametrize(
    "text", ["ana@erp.example", "j.o'neill+x@mail.erp.example", "jürgen@bücher.example"]
)
def test_addresses_that_there_are(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "@erp.example", "ana@erp", "ana@erp.", "a b@erp.example", "ana@erp.example\n",
        "ana@erp.example,bea@erp.example", "ana\x00@erp.example", "ana@erp\x00.example",
        "ana@erp.exa\x7fmple", "ana\x9b@erp.example",
    ],
)  # fmt: skip
def test_addresses_that_there_are_not(text: str) -> None:
    assert not is_address(text)
