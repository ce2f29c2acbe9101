"""The start of every program that a test starts: the lines it runs count as the test's own.

A program that is killed tells nothing.
"""

import os
import warnings
from pathlib import Path

if test := os.environ.get("COVER_TEST"):
    from coverage.exceptions import CoverageWarning

    from tests.mutants.cover import recorded

    warnings.simplefilter("ignore", CoverageWarning)
    recorded(Path(os.environ["COVER_FOLDER"]) / "child.lines", test=test).start()
