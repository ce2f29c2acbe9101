"""What tests of the database have."""

import pytest
from sqlalchemy.engine import URL, make_url


@pytest.fixture
def address(database_url: str) -> URL:
    return make_url(database_url)
