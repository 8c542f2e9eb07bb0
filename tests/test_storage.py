"""Keeping a network: round trips, and files that are cut off, foreign or hostile."""

import io
import json
import os
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from support import network_2_3_1, quick, says

from nnlib import Activation, Dense, Network, ShapeError, from_dict, load, save, storage, to_dict
from nnlib.activations import ACTIVATIONS


def same(one, two):
    return to_dict(one) == to_dict(two) and one.theta.tobytes() == two.theta.tobytes()


@quick
@given(st.data())
def test_through_a_dict_and_json(data):
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    kinds = data.draw(st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=3, max_size=3))
    net = Network([Dense(*spec) for spec in zip(sizes, sizes[1:], kinds, strict=False)])
    floats = st.floats(allow_nan=False, allow_infinity=False)
    net.theta = data.draw(arrays(float, net.theta.size, elements=floats))
    assert same(from_dict(json.loads(json.dumps(to_dict(net), allow_nan=False))), net)


@pytest.mark.parametrize("name", ["net.npz", "net", "net.v2"])
def test_through_a_file(tmp_path, name):
    net = network_2_3_1(seed=4, input_names=["sleep", "Lernen ü"], output_names=["score"])
    path = save(net, tmp_path / name)
    assert path.suffix == ".npz"
    assert os.listdir(tmp_path) == [path.name]
    assert same(load(path), net)
    assert same(load(str(tmp_path / name)), net)  # the same name finds it again


def test_saving_again_replaces_the_file(tmp_path):
    path = save(network_2_3_1(seed=1), tmp_path / "net")
    save(network_2_3_1(seed=2), path)
    assert same(load(path), network_2_3_1(seed=2))
    assert os.listdir(tmp_path) == ["net.npz"]


@pytest.mark.parametrize("broken", ["savez", "replace"])
def test_saving_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, broken):
    path = save(network_2_3_1(seed=1), tmp_path / "net")

    def fail(file, *_, **__):
        if broken == "savez":
            file.write(b"half a network")
        raise OSError("No space left on device")

    monkeypatch.setattr(*((np, "savez") if broken == "savez" else (storage.os, "replace")), fail)
    with says(OSError, "No space left on device"):
        save(network_2_3_1(seed=2), path)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["net.npz"]
    assert same(load(path), network_2_3_1(seed=1))


class Own(Activation):
    name = "own"

    def into(self, z, a):
        a[...] = z

    def slope_into(self, z, a, slope):
        slope.fill(1.0)


class OwnLayer(Dense):
    pass


def test_what_cannot_be_stored(tmp_path):
    with says(
        ValueError,
        "only nnlib's own activations can be stored; got own. Use one of linear, step, sigmoid, tanh, relu.",
    ):
        save(Network([Dense(1, 1, Own())]), tmp_path / "net")
    with says(ValueError, "only nnlib's own layers can be stored; got a OwnLayer. Make it a Dense."):
        save(Network([OwnLayer(1, 1)]), tmp_path / "net")
    with says(ValueError, "net must be a Network; got 'net'. Make one, as in net = Network([Dense(2, 1)])."):
        save("net", tmp_path / "net")
    net = network_2_3_1()
    net.theta[2] = np.nan
    with says(ValueError, "theta[2] is nan; every value must be a finite number."):
        save(net, tmp_path / "net")
    with says(
        FileNotFoundError,
        f"there is no folder {tmp_path / 'none'}; make it first, or save somewhere else.",
    ):
        save(network_2_3_1(), tmp_path / "none" / "net")
    with says(ValueError, "a file name is needed, as in 'network.npz'; got ''."):
        save(network_2_3_1(), "")
    with says(ValueError, "a file name is needed, as in 'network.npz'; got None."):
        save(network_2_3_1(), None)
    assert os.listdir(tmp_path) == []


def again(path, reason):
    return f"{path.name} {reason}: write it again with save(net, {str(path)!r})."


def test_no_file(tmp_path):
    path = tmp_path / "net.npz"
    with says(FileNotFoundError, f"there is no file {path}; save(net, {str(path)!r}) writes one."):
        load(tmp_path / "net")
    for nothing in (None, ["net"]):
        with says(ValueError, f"a file name is needed, as in 'network.npz'; got {nothing!r}."):
            load(nothing)


def test_a_file_cut_off_anywhere(tmp_path):
    path = save(network_2_3_1(), tmp_path / "net")
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with says(ValueError, again(path, "is cut off, or no stored network")):
            load(path)


def test_a_file_with_a_damaged_byte_is_refused_or_the_same(tmp_path):
    net = network_2_3_1()
    path = save(net, tmp_path / "net")
    whole = path.read_bytes()
    for place in range(0, len(whole), 11):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            loaded = load(path)
        except ValueError as error:
            assert str(error).startswith("net.npz ")  # noqa: PT017  # either outcome is right
        else:
            assert same(loaded, net)


class Bomb:
    def __reduce__(self):
        return pytest.fail, ("a stored Python object was run",)


def test_python_objects_in_a_file_are_never_run(tmp_path):
    path = tmp_path / "net.npz"
    np.savez(path, network=np.array([Bomb()], dtype=object), theta=np.zeros(13))
    with says(ValueError, again(path, "holds Python objects, which are never opened")):
        load(path)
    path.write_bytes(pickle.dumps(Bomb()))
    with says(ValueError, again(path, "is cut off, or no stored network")):
        load(path)


def test_a_file_of_something_else(tmp_path):
    path = tmp_path / "net.npz"
    for content in (b"sleep,score\n", b"PK\3\4 and no more"):
        path.write_bytes(content)
        with says(ValueError, again(path, "is cut off, or no stored network")):
            load(path)
    np.savez(path, x=[1, 2])
    with says(ValueError, again(path, "is cut off, or no stored network")):
        load(path)
    np.savez(path, network="[1, 2]", theta=[1.0])
    with says(ValueError, again(path, "is cut off, or no stored network")):
        load(path)
    np.savez(path, network="{}", theta=[1.0])
    reason = (
        "cannot be used (the stored network lacks layers, input_names, output_names; "
        "store it again with to_dict or save.)"
    )
    with says(ValueError, again(path, reason)):
        load(path)


def packed(path, theta, compression=zipfile.ZIP_STORED):
    """An npz file of a network whose theta is these bytes, whatever they are."""
    text = json.dumps({name: part for name, part in to_dict(network_2_3_1()).items() if name != "theta"})
    with zipfile.ZipFile(path, "w", compression) as file:
        file.writestr("network.npy", header(f"<U{len(text)}") + text.encode("utf-32-le"))
        file.writestr("theta.npy", theta)


def header(kind, *shape):
    """The beginning of a stored array."""
    content = io.BytesIO()
    array = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(content, array)
    return content.getvalue()


def test_a_file_that_would_unpack_to_much_more_is_refused_before_it_does(tmp_path):
    path = tmp_path / "net.npz"
    much = 2**23
    for theta, compression in (
        (header("<f8", much) + bytes(8 * much), zipfile.ZIP_DEFLATED),  # 64 MB of zeros in 64 kB
        (header("<U0", much), zipfile.ZIP_STORED),  # texts of no length, each an object once it is read
        (header("|V0", much), zipfile.ZIP_STORED),
        (header("<f8", much, 0), zipfile.ZIP_STORED),
    ):
        packed(path, theta, compression)
        del theta
        tracemalloc.start()
        try:
            with pytest.raises(ValueError, match=r"^net\.npz .* write it again with save"):
                load(path)
            assert tracemalloc.get_traced_memory()[1] < 2**22
        finally:
            tracemalloc.stop()


def test_a_file_that_promises_more_than_it_holds(tmp_path):
    path = tmp_path / "net.npz"
    packed(path, header("<f8", 10**17) + bytes(80))
    with says(ValueError, again(path, "is cut off, or no stored network")):
        load(path)


LAYERS = "each stored layer must be [inputs, neurons, activation], as to_dict makes it; got"


def test_a_file_that_lost_its_ending_is_still_opened(tmp_path):
    path = save(network_2_3_1(), tmp_path / "a.npz").rename(tmp_path / "a")
    np.testing.assert_array_equal(load(path).theta, network_2_3_1().theta)


@pytest.mark.parametrize(
    ("error", "changes", "message"),
    [
        (ValueError, {"layers": [[2, 3]]}, f"{LAYERS} [[2, 3]]."),
        (ValueError, {"layers": 5}, f"{LAYERS} 5."),
        (ValueError, {"layers": []}, f"{LAYERS} []."),
        (
            ShapeError,
            {"layers": [[10**9, 10**9, "relu"]]},  # more than any memory holds
            "theta must have shape (1000000001000000000,), a number for each weight and bias; "
            "got shape (13,).",
        ),
        (
            ValueError,
            {"layers": [[2, 0, "relu"]]},
            "n_out (the neurons of a layer) must be a whole number of 1 or more; got 0.",
        ),
        (
            ValueError,
            {"layers": [[2, 1, "rely"]]},
            "'rely' is no activation that nnlib knows; choose one of linear, step, sigmoid, tanh, relu. "
            "Did you mean 'relu'?",
        ),
        (
            ShapeError,
            {"theta": [1, 2]},
            "theta must have shape (13,), a number for each weight and bias; got shape (2,).",
        ),
        (
            ValueError,
            {"theta": [float("nan")] * 13},
            "theta[0] is nan; every value must be a finite number.",
        ),
        (ShapeError, {"input_names": ["a"]}, "input_names has 1 name, but the network has 2 inputs."),
    ],
)
def test_a_dict_that_describes_no_network(error, changes, message):
    with says(error, message):
        from_dict({**to_dict(network_2_3_1()), **changes})


def test_no_dict_at_all():
    with says(ValueError, "a stored network is a dict, as to_dict makes it; got [1]."):
        from_dict([1])
    d = to_dict(network_2_3_1())
    del d["theta"]
    with says(ValueError, "the stored network lacks theta; store it again with to_dict or save."):
        from_dict(d)


# JSON


def test_through_a_json_file(tmp_path):
    net = network_2_3_1(seed=4, input_names=["sleep", "Lernen ü"], output_names=["score"])
    path = save(net, tmp_path / "net.json")
    assert path.name == "net.json"
    assert os.listdir(tmp_path) == ["net.json"]
    assert same(load(path), net)
    assert json.loads(path.read_text(encoding="utf-8")) == to_dict(net)
    path.write_text(
        "\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8"
    )  # some editors add this mark
    assert same(load(path), net)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"NaN and more", b"\x89PNG"])
def test_a_json_file_of_something_else(tmp_path, content):
    path = tmp_path / "net.json"
    path.write_bytes(content)
    with says(ValueError, again(path, "is cut off, or no stored network")):
        load(path)


def test_a_json_file_cut_off_anywhere(tmp_path):
    path = save(network_2_3_1(), tmp_path / "net.json")
    whole = path.read_bytes().rstrip()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with says(ValueError, again(path, "is cut off, or no stored network")):
            load(path)


@pytest.mark.parametrize("content", ["[]", "3", '"net"', "{}", '{"layers": []}'])
def test_json_that_is_no_network(tmp_path, content):
    path = tmp_path / "net.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^net\.json cannot be used \(.*\): write it again with"):
        load(path)


@pytest.mark.parametrize("depth", [40, 900, 5_000, 100_000])
@pytest.mark.parametrize("part", ["layers", "input_names", "theta"])
def test_json_that_is_nested_deep(tmp_path, part, depth):
    path = tmp_path / "net.json"
    stored = json.dumps({**to_dict(network_2_3_1()), part: "deep"})
    path.write_text(stored.replace('"deep"', "[" * depth + "]" * depth), encoding="utf-8")
    with pytest.raises(ValueError, match=r"^net\.json .*: write it again with"):
        load(path)


def test_a_json_file_with_a_damaged_byte_is_refused_or_a_network(tmp_path):
    path = save(network_2_3_1(), tmp_path / "net.json")
    whole = path.read_bytes()
    for place in range(0, len(whole), 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :])
        try:
            loaded = load(path)
        except ValueError as error:
            assert str(error).startswith("net.json ")  # noqa: PT017  # either outcome is right
        else:
            assert np.isfinite(loaded.theta).all()


scraps = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from([2, 3, 1]),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=2), parts, max_size=2),
    max_leaves=6,
)


@quick
@given(st.sampled_from(["layers", "input_names", "output_names", "theta"]), scraps)
def test_a_dict_with_something_else_in_a_part(part, scrap):
    d = {**to_dict(network_2_3_1()), part: scrap}
    try:
        net = from_dict(d)
    except ValueError as error:
        assert not isinstance(error, UnicodeError)  # noqa: PT017  # either outcome is right
        assert str(error).endswith(".")  # noqa: PT017
    else:
        assert net.theta.tolist() == d["theta"]
