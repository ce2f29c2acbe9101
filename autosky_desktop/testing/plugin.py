"""Makes the contracts of a provider usable with pytest, and sums up who kept what.

It is an entry point of pytest: whoever has Autosky Desktop installed need not name it.
"""

from collections import defaultdict

import pytest

CONTRACT = "provider_contract"
_WORDS = {"passed": "kept", "failed": "broken", "skipped": "not able to"}

# Before they are imported, or a failure shows no values.
pytest.register_assert_rewrite(
    "autosky_desktop.testing.provider_contract", "autosky_desktop.testing.instances_contract"
)

_ended: defaultdict[str, dict[str, str]] = defaultdict(dict)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{CONTRACT}: a promise that every provider keeps")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if CONTRACT in report.keywords and (report.when == "call" or report.outcome != "passed"):
        *_, tried, check = report.nodeid.split("::")
        _ended[tried][check] = _WORDS[report.outcome]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell of each class how many promises it kept, and which it broke."""
    if not _ended:
        return
    terminalreporter.section("what providers promise")
    for tried, checks in sorted(_ended.items()):
        counts = [
            f"{count} {word}"
            for word in _WORDS.values()
            if (count := sum(it == word for it in checks.values()))
        ]
        terminalreporter.write_line(f"{tried}: {', '.join(counts)}")
        for check in sorted(name for name, word in checks.items() if word == _WORDS["failed"]):
            terminalreporter.write_line(f"    broken: {check}")
