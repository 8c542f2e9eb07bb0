"""A matrix times a vector as circles and lines, and as tables: one cell lit in both, every entry in hand."""

from collections.abc import Sequence
from functools import partial
from operator import mul
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..checks import Array, as_shape, as_table, as_texts, between, count, in_short
from ..layers import Dense
from ..layout import Layout
from ..network import Network
from ..style import given, number
from .base import Explorer, button
from .parts import equations
from .parts.arithmetic import Arithmetic, Matrix, Stage
from .parts.bundle import bundled
from .parts.diagram import Diagram
from .parts.equations import Plain, printed
from .parts.own import Function, Outcome, OwnRule
from .parts.problem import with_unit
from .parts.sliders import by_hand, fine_slider, on_slider

LARGEST = 9  # size of an entry
FEWEST, MOST = 2, 4  # rows and columns of the matrix


def matvec(W: Array, x: Array) -> Array:
    """W @ x: for each row of W its dot product with x."""
    return W @ x


class ProductExplorer(Explorer):
    """y = W x: each row of W is one output's dot product with x; go through it cell by cell.

    State: W, the rows of the matrix; x; and step, which cell of W is lit and in hand, row by row from 0.

    Parameters
    ----------
    W (m, n), x (n,) : the matrix and the vector, from 2 to 4 rows and columns, entries from −9 to 9.
    rows, columns : names of the m outputs and of the n inputs.
    units : the unit of each input, and of the outputs, as in ("kg", "litres", "dollars").
    my_matvec : matvec(W, x) of the learner, or its exercise, whose y is shown instead of nnlib's.

    Raises
    ------
    ShapeError, ValueError : numbers, names or units that do not fit each other.
    """

    def __init__(
        self,
        W: object,
        x: object,
        *,
        rows: Sequence[str] = (),
        columns: Sequence[str] = (),
        units: Sequence[str] = (),
        my_matvec: Function | None = None,
    ) -> None:
        table = as_table(W, "W")
        m, n = table.shape
        if not (FEWEST <= m <= MOST and FEWEST <= n <= MOST):
            raise ValueError(
                f"W has {count(m, 'row')} and {count(n, 'column')}; "
                f"from {FEWEST} to {MOST} of each can be shown."
            )
        self.net = Network(
            [Dense(n, m)],
            input_names=as_texts(columns, "columns") or [f"x{j + 1}" for j in range(n)],
            output_names=as_texts(rows, "rows") or [f"y{i + 1}" for i in range(m)],
        )
        self.columns, self.rows = self.net.neuron_names()
        self.units = as_texts(units, "units") or [""] * (n + 1)
        if len(self.units) != n + 1:
            raise ValueError(
                f"units needs {n + 1} names, one for each input and one for y; got {in_short(units)}."
            )
        self.own, self.shape = OwnRule("matvec", my_matvec, matvec), (m, n)
        state = self.follow({"W": (), "x": (), "step": 0}, {"W": W, "x": x})
        super().__init__(state, self._controls_for(m, n))
        self._connect(n)
        self.show(self.state)

    def _controls_for(self, m: int, n: int) -> list[ipywidgets.Widget]:
        """The diagram, a slider for each cell of W (the chosen one is shown) and of x, and the arithmetic."""
        layout = Layout(self.net, height=min(350, 50 + 84 * max(m, n)), biases=False)
        self.diagram, self.arithmetic = Diagram(layout, limit=LARGEST), Arithmetic()
        names = [f"W[{row}, {column}]" for row in self.rows for column in self.columns]
        self.cells = [fine_slider(name, 0, -LARGEST, LARGEST, 130) for name in names]
        self.inputs = [fine_slider(f"x[{column}]", 0, -LARGEST, LARGEST, 130) for column in self.columns]
        self.reset_button = button("Reset", "undo", "82px")
        self.hand, self.hidden = ipywidgets.Box(), self.cells
        controls = ipywidgets.VBox([self.hand, *self.inputs, self.reset_button])
        panels = ipywidgets.HBox([self.diagram, controls]).add_class("nn-panels")
        return [panels, self.arithmetic]

    def _connect(self, n: int) -> None:
        for k, cell in enumerate(self.cells):
            cell.observe(self.answer(partial(self._moved, "W", divmod(k, n))), "value")
        for j, slider in enumerate(self.inputs):
            slider.observe(self.answer(partial(self._moved, "x", (j,))), "value")
        self.bind(self.arithmetic, "step", "step")
        self.diagram.observe(self.answer(lambda change: self._chose(change["new"])), "selected")
        self.diagram.observe(self.answer(lambda change: self._chose_row(change["new"])), "neuron")
        self.diagram.observe(self.answer(lambda _: self._moved_in_diagram()), "moves")
        self.on_press(self.reset_button, self.reset)

    # Moves

    def _moved(self, name: str, place: tuple[int, ...], change: Any) -> None:
        if (value := by_hand(change)) is not None:
            self._put({place: value}, name)

    def _put(self, entries: dict[tuple[int, ...], float], name: str = "W") -> None:
        values = np.array(self.state[name])
        for place, value in entries.items():
            values[place] = value
        self.set(**{name: values})

    def _moved_in_diagram(self) -> None:
        m, n = self.shape
        with bundled(self.page):
            moves = self.diagram.fresh_moves()
            if moves:
                self._put({(k % m, k // m): value for k, value in moves.items() if k < m * n})

    def _chose(self, k: int) -> None:
        """A line of the diagram: entry k of theta, which holds W column by column."""
        m, n = self.shape
        if 0 <= k < m * n:
            self.set(step=k % m * n + k // m)

    def _chose_row(self, i: int) -> None:
        n = self.shape[1]
        row = self.state["step"] // n if i < 0 else i  # a click on the chosen one would let it go
        self.set(step=row * n + self.state["step"] % n)

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes, or ValueError for an entry that no slider holds."""
        state, (m, n) = super().follow(state, changes), self.shape
        W, x = as_shape(state["W"], (m, n), "W"), as_shape(state["x"], (n,), "x")
        for values, name in ((W, "W"), (x, "x")):
            if np.abs(values).max() > LARGEST:
                raise ValueError(
                    f"the entries of {name} go from −{LARGEST} to {LARGEST} here; "
                    f"one would be {number(values.flat[np.abs(values).argmax()])}."
                )
        step = between(state["step"], "step", 0, m * n - 1)
        return {"W": tuple(map(tuple, W.tolist())), "x": tuple(x.tolist()), "step": step}

    # From the state to what is shown

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """The product, and the step's arithmetic."""
        W, x, at = np.array(state["W"]), np.array(state["x"]), divmod(state["step"], self.shape[1])
        result = self.own(W, x)
        numbers = {"W": W, "x": x, "y": result.shown, "at": at, "step": state["step"]}
        return {
            **numbers,
            "trouble": result.trouble,
            "own": self.own.compared(result, "row"),
            "stage": self._stage(W, x, result, at),
        }

    def _stage(self, W: Array, x: Array, y: Outcome, at: tuple[int, int]) -> Stage:
        """One cell of W: its product, the row's sum, and the tables with that cell lit."""
        i, j = at
        row, column = self.rows[i], self.columns[j]
        pairs: list[tuple[float, float]] = [(Plain(w), Plain(v)) for w, v in zip(W[i], x, strict=True)]
        one: equations.Parts = [Plain(W[at]), " × ", Plain(x[j])]
        lines = [
            equations.equation(f"{column} in {row}", one, mul, Plain(W[at] * x[j])),
            equations.products(f"y[{row}]", pairs, Plain(y.right[i])),
        ]
        if not y.agrees[i]:
            lines.append(f"yours: y[{row}] = {number(y.shown[i])}")
        tables = (
            lit_table("", "W", W, at, self.rows, self.columns),
            lit_table("·", "x", x[:, None], (j, 0), self.columns),
            lit_table("=", "y", y.shown[:, None], (i, 0), self.rows),
        )
        return Stage(f"{row}, {column}", i, (j * self.shape[0] + i,), tuple(lines), tables)

    def draw(self, numbers: dict[str, Any]) -> None:
        stage, diagram = numbers["stage"], self.diagram
        with diagram.hold_sync():
            diagram.theta, diagram.texts = self._theta(numbers["W"]), self._texts(numbers)
            diagram.selected, diagram.neuron, diagram.lit = stage.wires[0], stage.neuron, list(stage.wires)
        self.arithmetic.show(stage, numbers["step"], len(self.cells))

    def _theta(self, W: Array) -> list[float]:
        return [*W.T.ravel().tolist(), *[0.0] * len(W)]

    def _texts(self, numbers: dict[str, Any]) -> list[str]:
        """The texts of the diagram: inputs with their units, outputs, and the unit beside them."""
        texts = []
        for value, unit in zip(numbers["x"], self.units, strict=False):
            texts += [given(float(value)), unit]
        for value in numbers["y"]:
            texts += ["", number(float(value))]
        return texts + ["", self.units[-1], ""] * len(numbers["y"])

    def _set_controls(self) -> None:
        super()._set_controls()
        W, step = np.array(self.state["W"]), self.state["step"]
        self.cells[step].value = on_slider(W.flat[step])
        if self.hand.children != (self.cells[step],):
            self.hand.children = (self.cells[step],)
        for slider, value in zip(self.inputs, self.state["x"], strict=True):
            slider.value = on_slider(value)
        self.diagram.theta = self._theta(W)  # also after a move that failed

    def words(self, numbers: dict[str, Any]) -> str:
        """All of y, the learner's function, and the lit cell's arithmetic."""
        y = [with_unit(float(value), self.units[-1]) for value in numbers["y"]]
        listed = ", ".join(f"{row} {value}" for row, value in zip(self.rows, y, strict=True))
        stage = numbers["stage"]
        lines = [f"y: {listed}.", numbers["own"], f"Lit: {stage.title}.", *stage.lines]
        return "\n".join(filter(None, lines))

    def seen(self, words: str) -> str:
        """Without the arithmetic, which stands below the diagram."""
        return words.split("\nLit: ")[0]

    def picture(self) -> Image.Image:
        """The circles and lines, for readers without a kernel."""
        numbers = self.numbers(self.state)
        self.net.theta = self._theta(numbers["W"])
        selected = numbers["stage"].wires[0]
        return plots.diagram(self.net, self._texts(numbers), selected=selected, biases=False).image()


def lit_table(
    sign: str, name: str, values: Array, at: tuple[int, int], rows: Sequence[str], columns: Sequence[str] = ()
) -> Matrix:
    """The table of these values with one cell lit."""
    cells = [[printed(Plain(value)).text for value in row] for row in values]
    lit = [[(i, j) == at for j in range(values.shape[1])] for i in range(len(values))]
    return Matrix(sign, name, cells, lit, list(rows), list(columns))
