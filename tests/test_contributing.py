"""What CONTRIBUTING.md writes is followed to the letter: its explorer keeps the promises of all others."""

import re
import types
from pathlib import Path
from typing import Any

import pytest
from explorers import is_drawn, looked_at, on_page

from nnlib.explore import Explorer

TEXT = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
(CODE,) = re.findall(r"```python\n(.+?)```", TEXT, re.DOTALL)


@pytest.fixture
def explorer() -> Any:
    module = types.ModuleType("constant")
    exec(CODE, vars(module))
    made = module.ConstantExplorer([2, 4, 9])
    assert isinstance(made, Explorer)
    return looked_at(made)


def test_it_is_written_in_about_forty_lines() -> None:
    lines = [line for line in CODE.splitlines() if line and not line.startswith(("import", "from", '"""'))]
    assert len(lines) <= 40


def test_a_hand_moves_everything_and_reset_goes_back(explorer: Any) -> None:
    assert repr(explorer) == "Prediction 0.00 for all: mean squared error 33.67."
    assert is_drawn(explorer.valley)
    before = explorer.valley.png
    on_page(explorer.slider, value=5.0)
    assert repr(explorer) == "Prediction 5.00 for all: mean squared error 8.67."
    assert explorer.valley.alt == repr(explorer)
    assert explorer.valley.png != before
    explorer.reset()
    assert (explorer.state, explorer.slider.value) == ({"c": 0.0}, 0.0)
    assert explorer.valley.png == before


@pytest.mark.parametrize("value", [11, "much", None, float("nan")])
def test_what_cannot_be_is_refused_in_words(explorer: Any, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^c .+\.$"):
        explorer.set(c=value)
    assert explorer.state == {"c": 0.0}


def test_without_a_kernel_its_picture_and_words_remain(explorer: Any) -> None:
    shown = explorer._repr_mimebundle_()
    assert shown["text/plain"] == repr(explorer)
    assert "data:image/png" in shown["text/html"]
    assert "Prediction 0.00 for all" in shown["text/html"]
