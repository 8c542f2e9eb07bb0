"""What Binder makes of the folder binder/; and Binder rebuilt without Docker, with a learner's first minutes.

The rebuild takes two minutes and the network, so it is done only when NNLIB_BINDER_ENV names a new folder:
there the environment is built, and stays.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import psutil  # comes with ipykernel
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from server import Server, free_port

REPO2DOCKER = importlib.util.find_spec("repo2docker")
needs_repo2docker = pytest.mark.skipif(
    REPO2DOCKER is None, reason='jupyter-repo2docker is not installed: it comes with the extra "dev"'
)
ENV = os.environ.get("NNLIB_BINDER_ENV")
in_rebuild = [
    needs_repo2docker,
    pytest.mark.skipif(ENV is None, reason="NNLIB_BINDER_ENV does not name a folder to rebuild Binder in"),
    pytest.mark.browser,
]
NAMES = {"jupyterhub-base": "jupyterhub", "nbconvert-core": "nbconvert"}  # conda's name: pip's
NOBODY = 65534
# Someone who writes in folders of his own alone, but may read root's Python, as access() too will tell him.
UNPRIVILEGED = [
    *["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"],
    *["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--securebits=+no_setuid_fixup"],
]
LIMIT = 400  # MB; Binder gives 1 GB
SLIDER = ".noUi-handle"
PLACE = "/user/learner"  # a server on Binder never lies at the top


def requirements(lines: list[str]) -> dict[str, str]:
    return {each.name: str(each.specifier) for each in map(Requirement, lines)}


def runtime(root: Path) -> str:
    """The Python that Binder is asked for."""
    name, _, version = (root / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().partition("-")
    assert name == "python"
    return version


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_binder_installs_what_the_lessons_and_live_slides_need_but_jupyterlab(
    root: Path, project: dict
) -> None:
    # Binder brings its own JupyterLab and Notebook, which fit together.
    lines = (root / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = requirements(project["dependencies"]) | requirements(project["optional-dependencies"]["present"])
    del wanted["jupyterlab"]
    assert requirements([line for line in lines if not line.startswith("#")]) == wanted


def test_binder_runs_a_python_that_the_package_allows(root: Path, project: dict) -> None:
    assert Requirement(f"python{project['requires-python']}").specifier.contains(runtime(root))


def test_binder_installs_the_package_itself_and_stops_at_an_error(root: Path) -> None:
    text = (root / "binder" / "postBuild").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert text.startswith("#!/bin/bash\n")
    assert lines[0] == "set -euo pipefail"
    assert lines[1].endswith(" install --no-cache-dir --no-deps .")
    assert "\r" not in text
    if os.name == "posix":
        assert os.access(root / "binder" / "postBuild", os.X_OK)


@pytest.fixture(scope="module")
def dockerfile(shared_archive: Path) -> list[str]:
    """What repo2docker, which builds for Binder, would build from these files."""
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=shared_archive,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return (done.stdout + done.stderr).splitlines()


def steps(dockerfile: list[str]) -> list[str]:
    """The commands in it that come from the folder binder/."""
    return [line.removeprefix("RUN ") for line in dockerfile if re.match("RUN .*binder/", line)]


@needs_repo2docker
def test_binder_builds_from_these_files(dockerfile: list[str], root: Path) -> None:
    assert [line for line in dockerfile if line.endswith(f"environment for python={runtime(root)}")]
    install, *others = steps(dockerfile)
    assert install.endswith('pip install --no-cache-dir -r "binder/requirements.txt"')
    assert others[-1] == "./binder/postBuild"
    # The dependencies come before the project's files, so that a new commit finds their layer in the cache.
    copied = next(i for i, line in enumerate(dockerfile) if re.match(r"COPY .* src/ \$", line))
    assert dockerfile.index(f"RUN {install}") < copied < dockerfile.index("RUN ./binder/postBuild")


def frozen(version: str) -> tuple[list[str], dict[str, str]]:
    """What Binder brings with this Python: the packages it asks for, and the release of every package."""
    files = Path(REPO2DOCKER.origin).parent / "buildpacks" / "conda"
    lock = (files / f"environment.py-{version}-linux-64.lock").read_text()
    # https://…/noarch/jupyterlab-4.4.9-pyhd8ed1ab_0.conda: "py" marks a package of Python.
    found = re.findall(r"/([^/]+)-([^/-]+)-py[^/-]*\.conda", lock)
    releases = {NAMES.get(name, name): release for name, release in found}
    asked = re.findall(r"^- ([\w-]+)", (files / f"environment.py-{version}.yml").read_text(), re.M)
    asked = [name.replace("jupyterhub-singleuser", "jupyterhub") for name in asked]
    return [name for name in asked if name in releases], releases


def find_python(version: str) -> str:
    """A Python of this version: from the path, or from pyenv, whose shims can be there without working."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    for python in [f"python{version}", *map(str, pyenv.glob(f"versions/{version}.*/bin/python3"))]:
        if path := shutil.which(python):
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
            if said.startswith(f"Python {version}."):
                return path
    return without(f"Python {version}, which Binder runs, was not found")


def without(reason: str) -> str:
    """Skip what cannot be tried here; the project's own checks must be able to."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Binder:
    """The commands of Binder's build, and its server, as an unprivileged user whose home is the checkout."""

    def __init__(self, checkout: Path, env: Path) -> None:
        self.checkout, self.env = checkout, env
        reaches = re.compile(r"(PIP|SSL)_.*|REQUESTS_CA_BUNDLE|.*_proxy", re.IGNORECASE)  # the registry
        self.variables = {name: value for name, value in os.environ.items() if reaches.fullmatch(name)} | {
            "HOME": str(checkout),
            "REPO_DIR": str(checkout),
            "NB_PYTHON_PREFIX": str(env),
            "KERNEL_PYTHON_PREFIX": str(env),
            "PATH": os.pathsep.join([f"{env}/bin", "/usr/local/bin", "/usr/bin", "/bin"]),
            "LANG": "C.UTF-8",
        }
        self.as_user = UNPRIVILEGED if os.geteuid() == 0 else []
        if self.as_user:
            if (done := self.run("true")).returncode:
                without(f"Root cannot become someone else here: {done.stderr}")
            for path in [env, checkout, *checkout.rglob("*")]:
                os.chown(path, NOBODY, NOBODY)

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.as_user, *command],
            cwd=self.checkout,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def binder(shared_archive: Path, dockerfile: list[str]) -> Binder:
    """Binder's environment, built in its order: what it brings, requirements.txt, postBuild."""
    version = runtime(shared_archive)
    python = find_python(version)
    env = Path(ENV).absolute()
    env.mkdir(parents=True)
    binder = Binder(shared_archive, env)
    started = time.monotonic()
    asked, releases = frozen(version)
    base = shared_archive.parent / "base.txt"
    base.write_text("\n".join(f"{name}=={release}" for name, release in releases.items()), encoding="utf-8")
    done = binder.run(python, "-m", "venv", str(env))
    assert done.returncode == 0, done.stderr
    done = binder.run("python3", "-m", "pip", "install", "-c", str(base), *asked)
    if done.returncode:
        without(f"What Binder brings could not be installed: {done.stderr}")
    for step in steps(dockerfile):
        done = binder.run("bash", "-c", step)
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
    size = sum(path.lstat().st_size for path in env.rglob("*")) / 1e6
    print(f"Rebuilt in {time.monotonic() - started:.0f} s: {size:.0f} MB")
    return binder


class BinderServer(Server):
    """JupyterLab, started as Binder starts it."""

    def __init__(self, binder: Binder) -> None:
        self.port = free_port()
        entrypoint = Path(REPO2DOCKER.origin).parent / "buildpacks" / "repo2docker-entrypoint"
        options = [f"--port={self.port}", f"--ServerApp.base_url={PLACE}/", "--IdentityProvider.token=abc"]
        options += ["--ip=127.0.0.1", "--LabApp.expose_app_in_browser=True"]  # the latter for run_all alone
        command = [*binder.as_user, "python3", "-u", str(entrypoint), "jupyter-lab", *options]
        self.log = binder.checkout.parent / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=binder.checkout,
                env=binder.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{PLACE}"

    def processes(self) -> list[psutil.Process]:
        """The server with all that it has started: kernels too."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]


@pytest.fixture(scope="module")
def server(binder: Binder) -> Iterator[BinderServer]:
    server = BinderServer(binder)
    try:
        server.waited_for("(is running at)")
        yield server
    finally:
        processes = server.processes()
        server.process.terminate()
        _, alive = psutil.wait_procs(processes, timeout=10)
        for process in alive:
            process.kill()
        server.process.wait()


class TestRebuilt:
    """In the order of a learner's steps."""

    pytestmark = in_rebuild

    def test_the_packages_fit_together_and_binders_own_are_kept(self, binder: Binder) -> None:
        done = binder.run("python3", "-m", "pip", "check")
        assert done.returncode == 0, done.stdout
        listed = json.loads(binder.run("python3", "-m", "pip", "list", "--format=json").stdout)
        versions = {canonicalize_name(each["name"]): each["version"] for each in listed}
        asked, releases = frozen(runtime(binder.checkout))
        asked.remove("ipywidgets")  # the one that live slides want older
        kept = {name: versions[canonicalize_name(name)] for name in asked}
        assert kept == {name: releases[name] for name in asked}

    def test_the_course_has_its_own_connection_to_the_kernel(self, binder: Binder) -> None:
        settings = json.loads(binder.run("jupyter", "server", "--show-config-json").stdout)
        name = "nnlib.course.server.PromptConnection"
        assert settings["ServerApp"]["kernel_websocket_connection_class"] == name

    def test_a_learner_is_greeted_by_the_lesson_alone_and_lesson_4_runs_in_little_memory(
        self, root: Path, server: BinderServer, chromium: str
    ) -> None:
        from browser import Course, Locator, Page, browsing, changed, idle, new_page, picture, run_all

        def run_to_a_slider(page: Page) -> Locator:
            """Press Shift+Enter as a learner does, until a cell shows a slider."""
            page.locator(".jp-Notebook .jp-Cell").first.click()
            for _ in range(20):
                page.keyboard.press("Shift+Enter")
                idle(page)
                page.wait_for_timeout(300)
                explorer = page.locator(f".nn-explorer:has(.nn-picture):has({SLIDER}:visible)").first
                if explorer.is_visible():
                    return explorer
            raise AssertionError("no slider after 20 cells")

        badge = re.search(r"\?urlpath=([^)]*)\)", (root / "README.md").read_text(encoding="utf-8"))
        course = Course(root, server.log.parent)
        course.server = server
        with browsing(chromium) as browser:
            first, page = new_page(browser), new_page(browser)
            started = time.monotonic()
            course.open(first, f"/{badge[1]}")
            opened = time.monotonic()
            print(f"The first lesson is open after {opened - started:.0f} s")

            started = time.monotonic()
            course.open(page, "/lab/tree/notebooks/04_sleep_study_scores.ipynb")
            explorer = run_to_a_slider(page)
            print(f"Lesson 4 shows a slider {time.monotonic() - started:.0f} s after it is asked for")
            before = picture(explorer)
            explorer.locator(f"{SLIDER}:visible").first.press("ArrowRight")
            assert changed(page, explorer, before)
            run_all(page)

            first.wait_for_timeout(max(0, 15 - (time.monotonic() - opened)) * 1000)
            for each in [first, page]:
                assert each.locator(".jp-Dialog, .Toastify__toast").all_inner_texts() == []
                assert each.errors == []

            used = [each.memory_full_info().pss / 1e6 for each in server.processes()]
            *others, idle_kernel, kernel = [*used[:2], *sorted(used[2:])]  # one kernel for each lesson
            print(
                f"Memory in MB: server {sum(others):.0f}, lesson 4 {kernel:.0f}, lesson 0 {idle_kernel:.0f}"
            )
            assert sum(others) + kernel < LIMIT

            page.evaluate("jupyterapp.commands.execute('docmanager:save')")
            page.wait_for_function("!document.querySelector('.jp-mod-dirty')")

    def test_live_slides_have_sliders(self, server: BinderServer, chromium: str) -> None:
        from browser import browsing, new_page, slider_moves_on_slides

        with browsing(chromium) as browser:
            page = new_page(browser)
            page.goto(f"{server.address()}/rise/notebooks/04_sleep_study_scores.ipynb?token=abc")
            slider_moves_on_slides(page)
