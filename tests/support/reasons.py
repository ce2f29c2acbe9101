"""The reasons of the domain, sorted for tests of their words."""

from autosky_desktop.domain.reasons import Reason

SKIPPED = frozenset({Reason.IMAGE_EXISTS, Reason.NOT_CHOSEN, Reason.NOTHING_RUNS})
"""Why a step was skipped, which is no failure."""
