"""Python runs this first in the programs that a test starts: the lines they run count as its own.

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
