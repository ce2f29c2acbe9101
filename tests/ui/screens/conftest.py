"""Its clocks show the times of the evening, wherever the tests run."""

from tests.ui.servers.conftest import in_utc

__all__ = ["in_utc"]
