"""The ends of FreeRDP and what is said then, as a table in Markdown: `outcomes.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from autosky_desktop.domain.connecting import CannotConnect
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect import freerdp
from autosky_desktop.words import connecting

CODES = sorted({*freerdp.OUTCOMES, freerdp.DROPPED, freerdp.CUT, freerdp.ENDED})
BEFORE = "before there is a window"
WHEN = {
    "": {"shown": False, "signs_in_first": True},
    "before, TLS only": {"shown": False, "signs_in_first": False},
    "afterwards": {"shown": True, "signs_in_first": True},
}


def main() -> None:
    print("| outcome | exit codes of FreeRDP | sentence |\n|---|---|---|")
    for outcome, codes in table().items():
        print(f"| {outcome} | {', '.join(codes)} | {said(outcome)} |")


def table() -> dict[ConnectionOutcome, list[str]]:
    """Return what each code means; when it was is only named where it matters."""
    found: dict[ConnectionOutcome, list[str]] = {}
    for code in CODES:
        by_when = {when: freerdp.outcome(code, **how) for when, how in WHEN.items()}
        same = len(set(by_when.values())) == 1
        for when, outcome in list(by_when.items())[: 1 if same else None]:
            label = str(code) if same else f"{code} ({when or BEFORE})"
            found.setdefault(outcome, []).append(label)
    found.setdefault(ConnectionOutcome.CLIENT_FAILED, []).append("any other")
    return found


def said(outcome: ConnectionOutcome) -> str:
    if outcome in connecting.QUIET:
        return "(nothing: it is as the person wanted it)"
    trouble = CannotConnect(outcome)
    return connecting.why(trouble, server="FILE 01", address="10.20.0.31", account="ERP\\ana")


main()
