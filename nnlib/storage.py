"""Keep a network: as a dict, or as a file of plain numbers that runs no code (npz or JSON, never pickle)."""

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .activations import ACTIVATIONS, get_activation
from .checks import as_numbers, as_path, as_shape, in_short
from .layers import Dense, layer_size
from .network import Network, as_network


def to_dict(net: Network) -> dict[str, Any]:
    """Everything that makes `net`: layers, names and theta, in types that JSON can hold.

    Raises
    ------
    ValueError : a weight that is not finite, or a layer or an activation of one's own, which a name
        cannot hold.
    """
    for layer in as_network(net).layers:
        if type(layer) is not Dense:
            raise ValueError(
                f"only nnlib's own layers can be stored; got a {type(layer).__name__}. Make it a Dense."
            )
        if type(layer.activation) is not type(ACTIVATIONS.get(layer.activation.name)):
            raise ValueError(
                f"only nnlib's own activations can be stored; got {layer.activation}. "
                f"Use one of {', '.join(ACTIVATIONS)}."
            )
    return {
        "layers": [[layer.n_in, layer.n_out, layer.activation.name] for layer in net.layers],
        "input_names": list(net.input_names),
        "output_names": list(net.output_names),
        "theta": as_numbers(net.theta, "theta").tolist(),
    }


def from_dict(d: Mapping[str, Any]) -> Network:
    """The network that `to_dict` described.

    Raises
    ------
    ValueError : a part is missing, or no network can be made of what is there.
    """
    if not isinstance(d, Mapping):
        raise ValueError(f"a stored network is a dict, as to_dict makes it; got {in_short(d)}.")
    missing = [key for key in ("layers", "input_names", "output_names", "theta") if key not in d]
    if missing:
        raise ValueError(
            f"the stored network lacks {', '.join(missing)}; store it again with to_dict or save."
        )
    specs = d["layers"]
    if (
        not isinstance(specs, (list, tuple))
        or not specs
        or not all(isinstance(spec, (list, tuple)) and len(spec) == 3 for spec in specs)
    ):
        raise ValueError(
            "each stored layer must be [inputs, neurons, activation], as to_dict makes it; "
            f"got {in_short(specs)}."
        )
    # Compared before any layer is made, because a damaged size can ask for more memory than there is.
    needed = 0
    for n_in, n_out, activation in specs:
        inputs, neurons = layer_size(n_in, n_out)
        get_activation(activation)
        needed += inputs * neurons + neurons
    theta = as_shape(d["theta"], (needed,), "theta", "a number for each weight and bias")
    layers = [Dense(*spec) for spec in specs]
    net = Network(layers, input_names=d["input_names"], output_names=d["output_names"])
    net.theta = theta
    return net


def save(net: Network, path: str | Path) -> Path:
    """Write `net` to a file and return its path; a file that is there is replaced.

    The ending ".json" gives text that can be read; any other name ends in ".npz", which is smaller.

    Raises
    ------
    FileNotFoundError : no such folder.
    ValueError : as `to_dict`.
    """
    path = _with_ending(path)
    if not os.path.isdir(path.parent):
        raise FileNotFoundError(f"there is no folder {path.parent}; make it first, or save somewhere else.")
    d = to_dict(net)
    # Written beside the old file, which is replaced once the new one is whole.
    unfinished = path.with_name(path.name + ".part")
    try:
        with open(unfinished, "wb") as file:
            if path.suffix == ".json":
                file.write((json.dumps(d, indent=1) + "\n").encode())
            else:
                np.savez(file, theta=d.pop("theta"), network=json.dumps(d))
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def load(path: str | Path) -> Network:
    """The network in a file that `save` wrote; an ending ".npz" may be left out, as in `save`.

    Raises
    ------
    FileNotFoundError : no such file.
    ValueError : the file is cut off, no stored network, or holds Python objects, which are never run.
    """
    with_ending = _with_ending(path)
    path = Path(path) if os.path.isfile(path) else with_ending
    if not os.path.isfile(path):  # Path.is_file fails for a name that is too long
        raise FileNotFoundError(f"there is no file {path}; save(net, {str(path)!r}) writes one.")
    d = _from_json(path) if path.suffix == ".json" else _from_npz(path)
    try:
        return from_dict(d)
    except ValueError as error:
        raise ValueError(_unusable(path, f"cannot be used ({error})")) from None


DAMAGED = "is cut off, or no stored network"


def _from_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):  # no JSON, no text, or a thousand brackets
        raise ValueError(_unusable(path, DAMAGED)) from None


def _from_npz(path: Path) -> Any:
    with open(path, "rb") as file:
        if file.read(4) != b"PK\3\4":  # an npz file is a zip file, and those begin so
            raise ValueError(_unusable(path, DAMAGED))
        file.seek(0)
        try:
            with np.load(file, allow_pickle=False) as arrays:
                # Without compression no array is larger than the file, whatever the file says of it.
                if any(part.compress_type != zipfile.ZIP_STORED for part in arrays.zip.infolist()):
                    raise ValueError
                theta = arrays["theta"]
                if theta.dtype != np.float64:  # texts of no length would be any number of theirs in no bytes
                    raise ValueError
                return json.loads(str(arrays["network"])) | {"theta": theta}
        except Exception as error:  # a damaged file can raise nearly anything, and all of it means the same
            objects = "holds Python objects, which are never opened"
            raise ValueError(_unusable(path, objects if "pickle" in str(error) else DAMAGED)) from None


def _with_ending(path: str | Path) -> Path:
    path = as_path(path, "network.npz")
    return path if path.suffix in (".npz", ".json") else path.with_name(path.name + ".npz")


def _unusable(path: Path, reason: str) -> str:
    return f"{path.name} {reason}: write it again with save(net, {str(path)!r})."
