"""Build the course as a static site that runs in the browser alone: `python3 binder/lite/build.py FOLDER`."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZipFile

if TYPE_CHECKING:
    from pyodide_lock import PyodideLockSpec

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
LOCK = "pyodide-lock.json"
# What lessons link to, seen from their folder.
LINKED = ["../README.md", "glossary.md", "forward_pass_sheet.pdf"]
# Parts of the page. The last holds more wheels: the kernel's own, and stand-ins for ipykernel and others.
EXTENSIONS = ["anywidget", "jupyterlab_widgets", "jupyterlite_pyodide_kernel"]
KERNEL = ["ipykernel", "piplite", "pyodide_kernel", "widgetsnbextension-4"]
# Named by wheels, but of no use to Python in a page.
SERVER_ONLY = {"jupyterlab", "jupyterlab-widgets"}


class CannotBuild(Exception):
    """Why there is no site, in words."""


def pins(name: str) -> dict[str, str]:
    """The releases in one of the lists beside this file."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command; show what it said only if it fails."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        raise CannotBuild(f"{words[0]} was not found. It is needed to build the site.") from None
    if done.returncode:
        raise CannotBuild(f"{done.stdout}\nThis failed: {subprocess.list2cmdline(words)}")


def main(arguments: list[str] | None = None) -> int:
    """Build, or say why not; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, help="the folder to make; an earlier site there is replaced")
    parser.add_argument(
        "--pyodide",
        type=Path,
        metavar="FOLDER",
        help="an unpacked Pyodide, in place of the one that npm fetches; its compiled wheels join the site",
    )
    given = parser.parse_args(arguments)
    try:
        from jupyterlite_pyodide_kernel import constants  # noqa: F401

        site = given.site.resolve()
        if site.is_dir() and any(site.iterdir()) and not (site / "jupyter-lite.json").is_file():
            raise CannotBuild(f"{site} holds something else than a site. Name another folder.")
        with TemporaryDirectory() as work:
            build(site, Path(work), given.pyodide)
    except ModuleNotFoundError as error:
        command = f"{sys.executable} -m pip install -r {HERE}/requirements.txt"
        print(f"{error}. To install: {command}", file=sys.stderr)
        return 1
    except CannotBuild as reason:
        print(reason, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"The site: {site} ({size / 1e6:.0f} MB). To look at it: python3 -m http.server -d {given.site}")
    return 0


def build(site: Path, work: Path, pyodide: Path | None) -> None:
    """Gather Pyodide, the wheels and the lessons in `work`, and let JupyterLite make the site of it."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    source = pyodide.resolve() if pyodide else fetched(f"pyodide@{PYODIDE_VERSION}", work / "npm")
    if missing := [name for name in [*CORE, LOCK] if not (source / name).is_file()]:
        raise CannotBuild(f"{source} is no Pyodide: it lacks {', '.join(missing)}.")
    wheels = gathered(work / "wheels")
    inside = work / "static" / "pyodide"
    inside.mkdir(parents=True)
    for name in CORE:
        shutil.copy2(source / name, inside)
    locked(source, wheels, inside).to_json(inside / LOCK)

    lessons = work / "contents" / "notebooks"
    lessons.mkdir(parents=True)
    for lesson in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        shutil.copy2(lesson, lessons)
    for linked in LINKED:
        shutil.copy2(ROOT / "notebooks" / linked, lessons / linked)
    for settings in HERE.glob("jupyter*.json"):
        shutil.copy2(settings, work)
    shutil.copy2(
        ROOT / "nnlib/course/jupyter/labconfig/default_setting_overrides.json", work / "overrides.json"
    )
    shutil.rmtree(site, ignore_errors=True)
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", site]
    extensions = [next((work / "wheels").glob(f"{name}-*")) for name in EXTENSIONS]
    run(*command, *[f"--LiteBuildConfig.federated_extensions={path}" for path in extensions], cwd=work)
    shutil.copy2(HERE / "index.html", site)


def fetched(package: str, folder: Path) -> Path:
    """Fetch a package by npm, and unpack it."""
    folder.mkdir()
    run("npm", "pack", package, cwd=folder)
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder, filter="data")
    return folder / "package"


def gathered(folder: Path) -> list[Path]:
    """The pure Python wheels of the site: nnlib's, those of the list, and those that come with the kernel."""
    from jupyterlite_pyodide_kernel import __version__
    from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION

    pip = [sys.executable, "-m", "pip"]
    run(*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    pure = [
        "--platform=any",
        "--implementation=py",
        "--abi=none",
        f"--python-version={PYODIDE_PYTHON_VERSION}",
    ]
    download = [*pip, "download", "--no-deps", "--only-binary=:all:", *pure, "--dest", folder]
    run(*download, "-r", HERE / "wheels.txt", f"jupyterlite-pyodide-kernel=={__version__}")
    with ZipFile(next(folder.glob("jupyterlite_pyodide_kernel-*"))) as archive:
        for member in archive.namelist():
            name = member.rpartition("/")[2]
            if name.endswith(".whl") and name.startswith(tuple(KERNEL)):
                (folder / name).write_bytes(archive.read(member))
    return sorted(
        path for path in folder.glob("*.whl") if not path.name.startswith(("jupyterlab_", "jupyterlite_"))
    )


def locked(source: Path, wheels: list[Path], folder: Path) -> "PyodideLockSpec":
    """Put the wheels into the folder, and list them for Pyodide; what is not there comes from its server."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL
    from pyodide_lock import PyodideLockSpec
    from pyodide_lock.utils import add_wheels_to_spec

    lock = PyodideLockSpec.from_json(source / LOCK)
    compiled = pins("compiled.txt")
    for name, version in {**pins("wheels.txt"), **compiled}.items():
        if name in lock.packages and lock.packages[name].version != version:
            raise CannotBuild(f"Pyodide has {name} {lock.packages[name].version}, binder/lite {version}.")
    lock.packages = {name: lock.packages[name] for name in compiled}
    for package in lock.packages.values():
        if (source / package.file_name).is_file():
            shutil.copy2(source / package.file_name, folder)
        else:
            package.file_name = f"{PYODIDE_CDN_URL}/{package.file_name}"
    inside = [Path(shutil.copy2(wheel, folder)) for wheel in wheels]
    lock = add_wheels_to_spec(lock, inside, ignore_missing_dependencies=True)
    for package in lock.packages.values():
        package.depends = sorted(set(package.depends) - SERVER_ONLY)
        if missing := set(package.depends) - set(lock.packages):
            raise CannotBuild(f"{package.name} needs {', '.join(missing)}: add it to binder/lite/wheels.txt.")
    return lock


if __name__ == "__main__":
    sys.exit(main())
