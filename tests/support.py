"""What the tests of nnlib share."""

import os
import re
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from nnlib import Dense, Network, datasets

# What takes long is done where it is asked for, as .ci/run does.
LONG = bool(os.environ.get("NNLIB_LONG"))
takes_long = pytest.mark.skipif(not LONG, reason="it takes long: NNLIB_LONG=1 asks for it")

# The same examples in every run, none of them timed, nothing kept on disk.
quick = settings(derandomize=True, deadline=None, max_examples=40, database=None)


def says(error: type[Exception], message: str) -> AbstractContextManager[Any]:
    """Expect an error whose whole message is `message`."""
    return pytest.raises(error, match=f"^{re.escape(message)}$")


def sleep_study() -> tuple[np.ndarray, np.ndarray]:
    """The three students, each column divided by its maximum and the scores by 100."""
    data = datasets.test_scores()
    return data.X / data.X.max(axis=0), data.y / 100


def network_2_3_1(**settings: Any) -> Network:
    """The network of the sleep and study lesson."""
    return Network([Dense(2, 3, "sigmoid"), Dense(3, 1, "sigmoid")], **settings)


def plain_forward(net: Network, X: np.ndarray) -> np.ndarray:
    """What the network must predict, as one line of NumPy for each layer."""
    rules = {
        "linear": lambda z: z,
        "step": lambda z: np.where(z > 0, 1.0, 0.0),
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.where(z > 0, z, 0.0),
    }
    a = X
    for layer in net.layers:
        a = rules[layer.activation.name](a @ layer.W + layer.b)
    return a
