"""What a benchmark found beside its rival or its limit, and the one table of all of them."""

import os
import platform
from collections.abc import Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

PACKAGES = ["numpy", "scikit-learn", "torch", "matplotlib", "ipywidgets", "anywidget", "ipympl", "plotly"]
PACKAGES += ["jupyterlab", "ipykernel"]


class Ratio(NamedTuple):
    """nnlib's time as a share of another; the target is an upper limit, None where there is none."""

    what: str
    beside: str
    ratio: float
    target: float | None = None


def show(found: Sequence[Ratio]) -> None:
    """Print the versions, the date and one table."""
    there = []
    for name in PACKAGES:
        try:
            there.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            there.append(f"without {name}")
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"\n{date.today()}, {os.cpu_count()} cores, {platform.system()}, {python}, {', '.join(there)}\n")
    print("| what | beside | nnlib takes | target | met |\n|---|---|---:|---:|---|")
    for what, beside, ratio, target in found:
        met = "" if target is None else "yes" if ratio <= target else "**no**"
        print(f"| {what} | {beside} | {ratio:.2f} | {'' if target is None else target} | {met} |")
