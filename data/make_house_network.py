"""Makes house_network.json, a trained 4-5-1 network with readable neurons: python data/make_house_network.py

It is trained on the first 1,200 houses of houses.csv as any network is, but for this:

1. Each neuron is given a job (JOBS). After every step, a weight that its job leaves out, or whose sign is not
   that of the job, is set to 0; the third neuron is held at max(0, age − 100).
2. Of 120 starts the one with the least error on the next 400 houses is kept, among those whose neurons all
   have work: each fires for some houses and not for all, and no input of a job is next to nothing in it.
   `--search` tries them all, which takes some minutes.
3. Each neuron is written in the unit of one of its inputs, which a ReLU allows (what is divided out in front
   of it is multiplied in behind it); its numbers are rounded, and dollars for each unit fitted once more.
"""

import sys
from pathlib import Path

import numpy as np

import nnlib as nn
from nnlib.training import batches

TRAINING, VALIDATION = slice(0, 1200), slice(1200, 1600)
# A row for each input, a column for each neuron: the sign of the weight, 0 for none, EITHER for any.
EITHER = 9
JOBS = np.array(
    [
        # large for its distance; new, large, many bedrooms; past 100 years; bedrooms with distance; all four
        [1, 1, 0, 0, 1],  # area
        [0, 1, 0, 1, EITHER],  # bedrooms
        [-1, 0, 0, 1, EITHER],  # distance
        [0, -1, 1, 0, EITHER],  # age
    ]
)
ADDS = np.array([1, 1, 1, -1, EITHER])  # whether the neuron adds to the price, or takes from it
UNITS = [0, 0, 3, 1, 0]  # the input in whose unit each neuron counts
HISTORIC, AGE = 2, 3  # the neuron, and its input
EPOCHS, LOOK, RATE, BATCH = 200, 10, 0.01, 32
START, STARTS = 119, 120


def wrong(weights: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Which weights a job does not allow."""
    return (signs != EITHER) & (weights * signs <= 0)


def trained(start: int) -> nn.Network:
    """The network in real units, as good on the validation houses as it was in any tenth epoch."""
    X, y, inputs, outputs = nn.datasets.houses()
    x_scaler, y_scaler = nn.StandardScaler().fit(X[TRAINING]), nn.StandardScaler().fit(y[TRAINING])
    X, y = x_scaler.transform(X), y_scaler.transform(y)
    layers = [nn.Dense(4, 5, "relu"), nn.Dense(5, 1)]
    net = nn.Network(layers, seed=start, input_names=inputs, output_names=outputs)
    hidden, output = net.layers
    for W, signs in ((hidden.W, JOBS), (output.W, ADDS[:, None])):
        W[:] = np.where(signs == EITHER, W, np.abs(W) * signs)

    def hold() -> None:
        for W, signs in ((hidden.W, JOBS), (output.W, ADDS[:, None])):
            W[wrong(W, signs)] = 0
        hidden.W[AGE, HISTORIC] = 1
        hidden.b[HISTORIC] = (x_scaler.center[AGE] - 100) / x_scaler.scale[AGE]

    hold()
    rng, optimizer, best = np.random.default_rng(start), nn.Adam(RATE), (np.inf, net.theta.copy())
    for epoch in range(1, EPOCHS + 1):
        for rows, targets in batches(X[TRAINING], y[TRAINING], BATCH, rng):
            net.loss_and_grad(rows, targets, "mse")
            optimizer.step(net.theta, net.grad)
            hold()
        if epoch % LOOK == 0:
            error = float(np.abs(net.predict(X[VALIDATION]) - y[VALIDATION]).mean())
            best = min(best, (error, net.theta.copy()), key=lambda pair: pair[0])
    net.theta = best[1]
    hidden.b -= x_scaler.center / x_scaler.scale @ hidden.W
    hidden.W /= x_scaler.scale[:, None]
    return net


def readable(net: nn.Network) -> nn.Network:
    """The same network with each neuron in the unit of an input, and rounded to two digits."""
    hidden, output = net.layers
    units = np.abs(hidden.W[UNITS, range(5)])
    hidden.W /= units
    hidden.b /= units
    hidden.W, hidden.b = rounded(hidden.W), rounded(hidden.b)
    hidden.b[HISTORIC] = -100
    X, y, _, _ = nn.datasets.houses()
    fires = net.trace(X[TRAINING])[0].a
    dollars = np.linalg.lstsq(np.column_stack([fires, np.ones(len(fires))]), y[TRAINING], rcond=None)[0]
    output.W, output.b = rounded(dollars[:-1]), rounded(dollars[-1])
    return net


def rounded(values: np.ndarray) -> np.ndarray:
    """To two digits that count."""
    return np.vectorize(lambda value: float(f"{value:.2g}"))(values)


def judged(net: nn.Network) -> tuple[float, bool]:
    """The mean absolute error on the validation houses in dollars, and whether every neuron does its job."""
    X, y, _, _ = nn.datasets.houses()
    hidden, output = net.layers
    fires = (net.trace(X[TRAINING])[0].a > 0).mean(axis=0)
    spread = np.abs(hidden.W) * X[TRAINING].std(axis=0)[:, None]
    share = np.where(JOBS == 0, 1, spread / spread.max(axis=0))
    works = bool(
        fires.min() > 0.03
        and fires.max() < 0.98
        and share.min() > 0.05
        and not wrong(output.W, ADDS[:, None]).any()
    )
    return float(np.abs(net.predict(X[VALIDATION]) - y[VALIDATION]).mean()), works


def search() -> None:
    """Print every start whose neurons all do their jobs, with its error."""
    for start in range(STARTS):
        net = trained(start)
        if net.layers[0].W[UNITS, range(5)].all():
            error, works = judged(readable(net))
            if works:
                print(f"start {start}: {error:,.0f} dollars", flush=True)


if __name__ == "__main__":
    if "--search" in sys.argv:
        search()
    else:
        nn.save(readable(trained(START)), Path(__file__).with_name("house_network.json"))
