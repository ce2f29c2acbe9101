"""A few hundred random steps of publishing; `tests/bench/rules.py` takes thousands."""

from hypothesis import HealthCheck, settings

from tests.support.publishing_rules import Rules

TestRules = Rules.TestCase
TestRules.settings = settings(
    max_examples=6,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
