"""Makes forward_pass_sheet.pdf, lesson 04's forward pass by pencil: python3 notebooks/images/make_sheet.py

Page 1 is to be filled in, page 2 is the same page with the answers, which nnlib computes. The page is as wide
as A4 and as high as US letter, so that both print it without scaling. The file holds no date: making it twice
gives the same bytes.
"""

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

import nnlib as nn

SHEET = Path(__file__).resolve().parent.parent / "forward_pass_sheet.pdf"
WIDTH, HEIGHT, MM = 210, 279, 1 / 25.4
STUDENT = 1  # row of the table: 5 hours of sleep, 1 of study
# One decimal each, chosen so that every hidden sum has one decimal too, as the table of the sigmoid has.
W1, B1 = [[1.2, -1.4, 0.4], [0.5, 1.0, -2.0]], [0.3, -0.7, 0.7]
W2, B2 = [[1.2], [-1.0], [0.9]], [-0.2]
# The fonts that every PDF reader brings, and text that a search and a screen reader find.
STYLE = {"pdf.use14corefonts": True, "font.family": "sans-serif", "font.size": 10.5}
STYLE |= {"font.sans-serif": ["Helvetica"]}
ANSWER = "#0072B2"


def network() -> nn.Network:
    """The network of the sheet."""
    net = nn.Network([nn.Dense(2, 3, "sigmoid"), nn.Dense(3, 1, "sigmoid")])
    net.theta = np.concatenate([np.ravel(part) for part in (W1, B1, W2, B2)])
    return net


def hours_and_score() -> tuple[np.ndarray, np.ndarray, float]:
    """The student's hours, the same scaled as in the lesson, and the true score."""
    hours, scores, _, _ = nn.datasets.test_scores()
    row = slice(STUDENT, STUDENT + 1)
    return hours[STUDENT], nn.MaxScaler().fit(hours).transform(hours[row])[0], scores[STUDENT, 0]


def answers() -> list[str]:
    """What belongs into the boxes, in the order in which the page draws them."""
    _, x, true = hours_and_score()
    net = network()
    hidden, output = net.trace([x])
    found = [f"{value:.1f}" for value in x]
    for k in range(3):
        products = x * hidden.W[:, k]
        found += [two(value) for value in (*products, hidden.z[0, k], hidden.a[0, k])]
    products = hidden.a[0] * output.W[:, 0]
    points = round(100 * output.a[0, 0])
    return [
        *found,
        *(two(v) for v in (*products, output.z[0, 0], output.a[0, 0])),
        f"{points}",
        f"{points - true:.0f}",
    ]


def two(value: float) -> str:
    """Two decimals, and no −0.00."""
    return f"{value + 0:.2f}"


class Page:
    """A page in millimetres from its upper left corner; `found` are the answers, or nothing to fill in."""

    def __init__(self, found: list[str]) -> None:
        self.figure = Figure(figsize=(WIDTH * MM, HEIGHT * MM))
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        self.axes.axis("off")
        self.found = list(found)

    def text(self, x: float, y: float, words: str, **looks: object) -> None:
        """Words whose middle stands at this height."""
        self.axes.text(x, y, words, va="center_baseline", **({"weight": "medium"} | looks))

    def box(self, x: float, y: float, width: float = 17) -> None:
        """A box to be filled in, with its left end and its middle here."""
        self.axes.add_patch(Rectangle((x, y - 4), width, 8, fill=False, lw=0.8))
        if self.found:
            self.text(x + width / 2, y, self.found.pop(0), ha="center", color=ANSWER, weight="bold")

    def line(self, start: tuple[float, float], end: tuple[float, float], weight: float, at: float) -> None:
        """A line of the network with its weight on it, dashed where that is negative."""
        (x1, y1), (x2, y2) = start, end
        self.axes.plot([x1, x2], [y1, y2], "--" if weight < 0 else "-", color="0.4", lw=0.9, zorder=1)
        pill = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
        self.text(x1 + at * (x2 - x1), y1 + at * (y2 - y1), f"{weight}", ha="center", bbox=pill)

    def circle(self, x: float, y: float, name: str, below: str = "") -> None:
        """A neuron or an input, and what stands below it."""
        self.axes.add_patch(Circle((x, y), 8, facecolor="white", edgecolor="black", lw=1, zorder=2))
        self.text(x, y, name, ha="center", zorder=3)
        self.text(x, y + 11.5, below, ha="center", size=9.5)


def page(found: list[str]) -> Figure:
    """The sheet: empty, or with the answers."""
    sheet = Page(found)
    draw_head(sheet)
    draw_network(sheet)
    draw_hidden(sheet)
    draw_output(sheet)
    draw_table(sheet)
    sheet.text(20, 262, "Neural networks by hand, lesson 04, A4 to A6. CC BY 4.0.", size=8, color="0.35")
    return sheet.figure


def draw_head(sheet: Page) -> None:
    """Title, the question, and step 1: scaling."""
    (sleep, study), _, _ = hours_and_score()
    sheet.text(20, 22, "A forward pass by pencil", size=16, weight="bold")
    sheet.text(190, 22, "Answers" if sheet.found else "Name: ______________________", ha="right")
    student = f"Student {STUDENT + 1} slept {sleep:.0f} hours and studied {study:.0f} hour."
    sheet.text(20, 32, f"{student} Which score does this network predict?")
    sheet.text(20, 43, "1. Scale:", weight="bold")
    sheet.text(44, 43, f"sleep {sleep:.0f} ÷ 10 =")
    sheet.box(74, 43)
    sheet.text(112, 43, f"study {study:.0f} ÷ 5 =")
    sheet.box(139, 43)


def draw_network(sheet: Page) -> None:
    """Circles and lines, with every weight and bias."""
    inputs = {"sleep": (40, 75), "study": (40, 115)}
    hidden = [(105, 64), (105, 95), (105, 126)]
    score = (168, 95)
    for (x, y), weights in zip(inputs.values(), W1, strict=True):
        for place, weight in zip(hidden, weights, strict=True):
            sheet.line((x, y), place, weight, 0.68)
    for place, (weight,) in zip(hidden, W2, strict=True):
        sheet.line(place, score, weight, 0.52)
    for name, (x, y) in inputs.items():
        sheet.circle(x, y, name)
    for k, (x, y) in enumerate(hidden):
        sheet.circle(x, y, f"h{k + 1}", f"b = {B1[k]}")
    sheet.circle(*score, "score", f"b = {B2[0]}")


def draw_hidden(sheet: Page) -> None:
    """Step 2: a row of boxes for each hidden neuron."""
    sheet.text(20, 149, "2. Hidden neurons.", weight="bold")
    sheet.text(60, 149, "Multiply, add the bias: that is z. Look a up in the table.")
    for k, y in enumerate((160, 171, 182)):
        sheet.text(20, y, f"h{k + 1}:")
        sheet.text(29, y, f"sleep × {W1[0][k]} =")
        sheet.box(56, y)
        sheet.text(77, y, f"study × {W1[1][k]} =")
        sheet.box(104, y)
        sheet.text(124, y, f"bias {B1[k]}")
        sheet.text(141, y, "z =")
        sheet.box(148, y)
        sheet.text(167.5, y, "a =")
        sheet.box(174.5, y, 16)


def draw_output(sheet: Page) -> None:
    """Step 3: the output, the points, and how far off they are."""
    _, _, true = hours_and_score()
    sheet.text(20, 195, "3. Output.", weight="bold")
    sheet.text(43, 195, "The three a are its inputs.")
    for k in range(3):
        x = 20 + 51 * k
        sheet.text(x, 206, f"a of h{k + 1} × {W2[k][0]} =")
        sheet.box(x + 29, 206)
    sheet.text(174, 206, f"bias {B2[0]}")
    sheet.text(20, 217, "z =")
    sheet.box(27, 217)
    sheet.text(47, 217, "a =")
    sheet.box(54, 217)
    sheet.text(74, 217, "a × 100 =")
    sheet.box(92, 217)
    sheet.text(111, 217, f"points. Minus the true {true:.0f} =")
    sheet.box(158, 217)
    sheet.text(177, 217, "points.")


def draw_table(sheet: Page) -> None:
    """The sigmoid at z from 0.0 to 2.0, and at the same numbers below 0."""
    sheet.text(20, 229, "Sigmoid.", weight="bold")
    sheet.text(40, 229, "Round z to one decimal. Below 0: the last row.")
    tenths = np.arange(0, 15) / 10
    left, step = 30, 10.9
    for y, words in ((237, "z"), (244, "a of z"), (251, "a of -z")):
        sheet.text(left - 2, y, words, ha="right", size=9)
        for k, z in enumerate(tenths):
            values = {"z": f"{z:.1f}", "a of z": f"{nn.sigmoid(z):.2f}", "a of -z": f"{nn.sigmoid(-z):.2f}"}
            weight = "bold" if words == "z" else "medium"
            sheet.text(left + 5 + step * k, y, values[words], ha="center", size=9, weight=weight)
    for y in (233.5, 240.5, 247.5, 254.5):
        sheet.axes.plot([17, 193], [y, y], color="0.75", lw=0.5)


def write(path: Path) -> None:
    """Both pages as one file."""
    about = {"Title": "A forward pass by pencil", "Creator": None, "Producer": None, "CreationDate": None}
    with mpl.rc_context(STYLE), PdfPages(path, metadata=about) as pages:
        for found in ([], answers()):
            pages.savefig(page(found))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else SHEET)
