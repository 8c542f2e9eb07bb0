"""How fast the explorers of the other lessons answer a hand: python tests/benchmarks/lessons.py

Each stands in a notebook beside an `interact` that draws a fresh Matplotlib figure of the same things. The
kernel's part of a move and the time from a key press to a changed picture are measured as in explorer.py.
"""

import json
import statistics
import time

from explorer import CALM, ROUNDS, START, opened_notebook, run, summary
from ratios import Ratio

SETUP = """
import json, statistics, time
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact
from matplotlib_inline.backend_inline import set_matplotlib_formats
from nnlib import datasets, plots, relu, sigmoid
from nnlib.explore import *
from nnlib.explore.parts.sliders import on_slider

%matplotlib inline
set_matplotlib_formats("retina", bbox_inches=None)
plt.style.use(plots.STYLE)

def rival(draw, explorer, value, low, high, step, n=2):
    size = np.array(explorer.picture().size) / 200  # as many pixels
    def fresh(value):
        draw(value, *plt.subplots(1, n, figsize=size, squeeze=False)[1][0])
        plt.show()
    interact(fresh, value=FloatSlider(value=value, min=low, max=high, step=step))

houses = datasets.houses()
area, price = houses.X[:30, 0] / 1000, houses.y[:30, 0] / 1000
texts, labels = datasets.reviews()
words = ["great", "funny", "love", "slow", "long", "boring"]
counts = datasets.word_counts(texts, words)
study = np.arange(1, 9.1, 0.4)
passed = (study + np.sin(5 * study) > 5).astype(float)
x = np.linspace(-2, 12, 141)
net = datasets.house_network()
"""

# By name: the explorer, its slider as the test calls it, and the rival's figure.
LESSONS = {
    "arrows": (
        "arrows = ArrowExplorer(); arrows",
        """
def draw(value, axes):
    for (a, b), colour in (((value, 1), "C0"), ((10, 2), "C1")):
        axes.annotate("", (a, b), (0, 0), arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 3})
        axes.text(a, b, f"({a:.1f}, {b})")
    axes.set(xlim=(-12, 12), ylim=(-12, 12), aspect="equal", title=f"dot {10 * value + 2:.2f}")
    axes.grid(True)
rival(draw, arrows, 5, -12, 12, 0.1, 1)
""",
    ),
    "reviews": (
        "reviews = ReviewExplorer(texts, labels, words); reviews",
        """
def draw(value, left, right):
    scores = counts @ [value, 1, 1, -1, -1, -1]
    left.axis("off")
    for k, text in enumerate(texts):
        left.text(0, 1 - k / 12, f"{text[:40]}  {counts[k]}")
    right.barh(range(12), scores, color=["C0" if score > 0 else "C1" for score in scores])
    right.invert_yaxis()
rival(draw, reviews, 0, -3, 3, 0.1)
""",
    ),
    "line": (
        "line = LineExplorer(area, price, b=400, show=['line', 'bowl']); line",
        """
def draw(value, left, right):
    left.plot(area, price, "ko", area, value * area + 400)
    left.vlines(area, price, value * area + 400, color="C1")
    left.set(xlabel="area", ylabel="price", ylim=(0, 1200))
    w, b = np.meshgrid(np.linspace(-512, 512, 72), np.linspace(-512, 512, 72))
    loss = ((w[..., None] * area + b[..., None] - price) ** 2).mean(axis=-1)
    right.contourf(w, b, np.log10(loss), 20)
    right.plot(value, 400, "o")
    right.set(xlabel="w", ylabel="b", title="loss")
rival(draw, line, 0, -512, 512, 10)
""",
    ),
    "neuron": (
        "neuron = NeuronExplorer(study, 'study', 'hours', 'student', b=-5); neuron",
        """
def draw(value, left, right):
    z = np.linspace(-12, 12, 200)
    left.plot(x, value * x - 5, "--", x, relu(value * x - 5))
    left.plot(study, value * study - 5, "ko")
    left.set(xlabel="study", ylim=(-12, 12))
    right.plot(z, relu(z), "C2", value * study - 5, relu(value * study - 5), "ko")
    right.set(xlabel="z", ylabel="a")
rival(draw, neuron, 1, -4, 4, 0.1)
""",
    ),
    "hinges": (
        "hinges = HingeExplorer(); hinges",
        """
def draw(value, axes):
    total = relu(x - value) - 2 * relu(x - 5) + relu(x - 7)
    axes.plot([0, 3, 5, 7, 10], [0, 0, 2, 0, 0], color="C4", lw=5)
    for place, bend in ((value, 1), (5, -2), (7, 1)):
        axes.plot(x, bend * relu(x - place), "C0", alpha=0.4)
    axes.plot(x, total, "C2", lw=3)
    axes.set(xlabel="x", ylim=(-3, 3))
rival(draw, hinges, 2, 0, 10, 0.1, 1)
""",
    ),
    "threshold": (
        "threshold = ThresholdExplorer(study, passed, 'study', 'hours'); threshold",
        """
def draw(value, left, right):
    p = sigmoid(value * study)
    left.plot(x, sigmoid(value * x), "C2", study, passed, "ko")
    left.axhline(0.5, ls="--")
    left.set(xlabel="study", title="probability of a pass")
    right.axis("off")
    right.text(0, 0.5, f"accuracy {((p >= 0.5) == passed).mean():.2f}", size=20)
rival(draw, threshold, 0.5, -5, 5, 0.1)
""",
    ),
    "house": (
        "house = HouseExplorer(net, houses.X, show=['contributions']); house",
        """
def draw(value, left, right):
    x = np.array([value, 3, 5, 40])
    (W1, b1), (W2, b2) = ((layer.W, layer.b) for layer in net.layers)
    a = relu(x @ W1 + b1)
    for i in range(4):
        for j in range(5):
            left.plot([0, 1], [i, j], "C0", alpha=0.5)
    for j in range(5):
        left.plot([1, 2], [j, 2], "C0", alpha=0.5)
        left.text(1, j, f"{a[j]:.0f}")
    ends = np.cumsum([b2[0], *(a * W2[:, 0])])
    right.barh(range(7), [*np.diff(ends, prepend=0), ends[-1]], left=[0, *ends[:-1], 0])
    right.invert_yaxis()
rival(draw, house, 2000, 300, 8300, 100)
""",
    ),
}

# In the kernel: a move of the slider that the key moves.
SLIDE = """
subject = {name}
slider = line.parameters.sliders[0] if subject is line else subject._controls[0][0]
values = np.linspace(slider.min, slider.max, 22)[1:-1].round(1).tolist()
measure(lambda value: slider.set_state({{"value": on_slider(value)}}), values)
subject.reset()
"""


def main() -> list[Ratio]:
    found = []
    cells = [SETUP, *(code for pair in LESSONS.values() for code in pair)]
    with opened_notebook([cell.strip() for cell in cells]) as (page, _):
        print("\n| | ms in the kernel | 95th percentile | ms from key to picture | 95th percentile |", end="")
        print(
            " `interact`, ms | 95th percentile | of `interact`'s |\n|---|---:|---:|---:|---:|---:|---:|---:|"
        )
        for n, name in enumerate(LESSONS):
            walls = json.loads(run(page, SLIDE.format(name=name)))[0]
            ours, rival = page.locator(".nn-explorer").nth(n), page.locator(".widget-interact").nth(n)
            picture = ours.locator(".nn-picture").nth(1 if name == "reviews" else 0).locator("xpath=..")
            hands = {"ours": (picture, ours), "interact": (rival, rival)}
            times: dict[str, list[float]] = {hand: [] for hand in hands}
            for k in range(ROUNDS):
                for hand, (box, holder) in hands.items():
                    holder.locator("[role=slider]").first.evaluate("(e) => e.focus({ preventScroll: true })")
                    time.sleep(CALM)
                    box.evaluate(START)
                    page.keyboard.press("ArrowRight" if k < ROUNDS / 2 else "ArrowLeft")
                    times[hand].append(page.evaluate("window.lap"))
                    time.sleep(CALM)
            ratio = statistics.median(times["ours"]) / statistics.median(times["interact"])
            print(f"| {name} | {summary(walls, 1e3)} | {summary(times['ours'])} |", end="")
            print(f" {summary(times['interact'])} | {ratio:.2f} |", flush=True)
            found.append(Ratio(f"{name}: key press to picture", "`interact`", ratio, 0.4))
    return found


if __name__ == "__main__":
    main()
