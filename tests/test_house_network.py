"""The readable house network: what its script makes, its jobs, and that it prices as well as a free one."""

import runpy

import numpy as np
import pytest

from nnlib import SGD, Dense, Network, StandardScaler, datasets, fit, to_dict

X, y, INPUTS, OUTPUTS = datasets.houses()
TRAIN, UNSEEN = slice(0, 1200), slice(1600, 2000)
NET = datasets.house_network()
W, B = NET.layers[0].W, NET.layers[0].b


def off_by(predicted):
    return np.abs(predicted - y[UNSEEN]).mean()


@pytest.fixture(scope="module")
def script(root):
    return runpy.run_path(str(root / "data" / "make_house_network.py"))


def test_the_file_is_what_its_script_makes(script):
    assert to_dict(script["readable"](script["trained"](script["START"]))) == to_dict(NET)
    assert script["judged"](NET)[1]


def test_every_neuron_has_the_job_that_the_lesson_tells():
    assert W[:, 0].tolist() == [1, 0, -280, 0]  # large for its distance
    assert W[:, 1].tolist() == [1, 600, 0, -230]  # new, large, many bedrooms
    assert W[:, 2].tolist() == [0, 0, 0, 1]
    assert B[2] == -100
    assert W[:, 3].tolist() == [0, 1, 0.25, 0]  # bedrooms with distance
    assert (W[:, 4] != 0).all()
    assert np.sign(NET.layers[1].W[:, 0]).tolist() == [1, 1, 1, -1, 1]
    assert (NET.input_names, NET.output_names) == (INPUTS, OUTPUTS)


def test_every_neuron_fires_for_some_houses_and_not_for_all():
    fires = (NET.trace(X)[0].a > 0).mean(axis=0)
    print("fires for", fires.round(3))
    assert (fires > 0.03).all()
    assert (fires < 0.98).all()


def test_it_prices_within_a_tenth_of_freely_trained_networks_of_its_size():
    x_scaler, y_scaler = StandardScaler().fit(X[TRAIN]), StandardScaler().fit(y[TRAIN])
    inputs, targets = x_scaler.transform(X), y_scaler.transform(y)
    free = []
    for seed in range(5):
        net = Network([Dense(4, 5, "relu"), Dense(5, 1)], seed=seed)
        fit(net, inputs[TRAIN], targets[TRAIN], epochs=200, optimizer=SGD(0.03), batch_size=32, seed=seed)
        free.append(off_by(y_scaler.inverse_transform(net.predict(inputs[UNSEEN]))))
    here = off_by(NET.predict(X[UNSEEN]))
    print(f"readable {here:,.0f}, free {np.round(free)}")
    assert here < 1.1 * min(free)
