"""How pytest compares the lessons with their stored outputs."""

import os
import sys

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Compare everything on Linux, where the lessons are stored; elsewhere ask only that every cell runs.

    On other systems the last digit of a number may differ, and with it the text of an output.
    """
    # Stored outputs are those without the file of real sales, which some machines have; kernels inherit this.
    os.environ["HOUSE_SALES_CSV"] = ""
    if not sys.platform.startswith("linux"):
        config.option.nbval_lax = True
    if rules := config.option.nbval_sanitize_with:
        # nbval looks for the file in the folder that pytest was called from.
        config.option.nbval_sanitize_with = str(config.rootpath / rules)
