"""The package works from a wheel, a source archive and a copy of the checkout, without network."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

# An editable install has put the checkout on the path: it is taken off, so that only the copy can be found.
USE = """
import sys
from pathlib import Path
checkout, place = map(Path, sys.argv[1:])
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != checkout]
import nnlib
assert Path(nnlib.__file__).is_relative_to(place), nnlib.__file__
"""
SCORES = (
    USE
    + """
from nnlib import datasets
X, y, input_names, output_names = datasets.test_scores()
print(X.tolist(), y.tolist(), len(datasets.class_scores().X))
"""
)
EXPLORER = (
    USE
    + """
from nnlib import Dense, Network, datasets
from nnlib.explore import NetworkExplorer
X, y, input_names, output_names = datasets.test_scores()
net = Network([Dense(2, 3, "sigmoid"), Dense(3, 1)], seed=0)
print(type(NetworkExplorer(net, X, y)).__name__)
"""
)


def run(*arguments: str | Path, cwd: Path) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(target: str, source: Path, into: Path) -> Path:
    """Build with the backend of this environment: an isolated build would ask the network for it."""
    run("-m", "hatchling", "build", "--target", target, "--directory", into, cwd=source)
    [built] = into.iterdir()
    return built


def with_sales(source: Path) -> Path:
    """The folder, in which somebody keeps the file of real sales: no package may take it in."""
    (source / "data" / "kc_house_data.csv").write_text("price\n")
    return source


@pytest.fixture
def sdist(archive: Path, tmp_path: Path) -> Path:
    return build("sdist", with_sales(archive), tmp_path / "sdist")


@pytest.fixture
def wheel(sdist: Path, tmp_path: Path) -> Path:
    """The wheel as an installer makes it: from the unpacked source archive."""
    with tarfile.open(sdist) as tar:
        tar.extractall(tmp_path / "source", filter="data")
    [source] = (tmp_path / "source").iterdir()
    return build("wheel", with_sales(source), tmp_path / "wheel")


def test_source_archive_holds_the_whole_project(sdist: Path, project_files: list[Path]) -> None:
    with tarfile.open(sdist) as tar:
        held = {Path(*Path(name).parts[1:]).as_posix() for name in tar.getnames()}
    wanted = {path.as_posix() for path in project_files}
    assert "data/test_scores.csv" in wanted
    assert held - {"PKG-INFO"} == wanted


def test_wheel_holds_nnlib_its_data_and_nothing_else(wheel: Path, project_files: list[Path]) -> None:
    with zipfile.ZipFile(wheel) as file:
        held = {name for name in file.namelist() if ".dist-info/" not in name}
    wanted = {path.as_posix() for path in project_files if path.parts[0] == "nnlib"}
    wanted |= {f"nnlib/{path.as_posix()}" for path in project_files if path.parts[0] == "data"}
    assert {"nnlib/py.typed", "nnlib/data/test_scores.csv", "nnlib/data/class_scores.csv"} <= wanted
    assert held == wanted


def test_wheel_works_in_an_empty_folder(wheel: Path, tmp_path: Path, root: Path) -> None:
    place = tmp_path / "empty"
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", place, wheel, cwd=tmp_path)
    scores = run("-c", SCORES, root, place, cwd=place)
    assert scores == "[[3.0, 5.0], [5.0, 1.0], [10.0, 2.0]] [[75.0], [82.0], [93.0]] 200\n"
    assert run("-c", EXPLORER, root, place, cwd=place) == "NetworkExplorer\n"


def test_archive_of_the_checkout_works_where_it_is_unpacked(archive: Path, root: Path) -> None:
    scores = run("-c", SCORES, root, archive, cwd=archive)
    assert scores == "[[3.0, 5.0], [5.0, 1.0], [10.0, 2.0]] [[75.0], [82.0], [93.0]] 200\n"
