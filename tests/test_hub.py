"""The hub for a class: its files, an update that keeps learners' edits, and a class of three at work.

The class is started as its README says, which installs JupyterHub into the active environment and its proxy
from npm. So it runs only where NNLIB_REQUIRE_HUB is set, as in .ci/run; NNLIB_LEARNERS makes it larger.
"""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import nbformat
import psutil
import pytest
import yaml

LESSON = "notebooks/04_sleep_study_scores.ipynb"
FIRST = "lab/tree/course/notebooks/00_start_here.ipynb"
PASSWORD = "sleep-and-study"
# What the kernel has to do with: the addresses of the pictures (each drawing has another), words and numbers.
DRAWN = """(explorer) => [...explorer.querySelectorAll('.nn-picture, .nn-words, .nn-diagram')]
    .map((part) => part.src ?? part.textContent).join()"""
LEARNERS = [f"learner-{n:02}" for n in range(1, 1 + int(os.environ.get("NNLIB_LEARNERS", 3)))]
NO_AUTOSAVE = ["@jupyterlab/docmanager-extension:plugin", '{"autosave": false}']
PATIENCE = 60_000 * (2 + len(LEARNERS))  # ms: all who start at once share the processors


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "binder" / "hub" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def repository(root: Path) -> str:
    """The course's public address."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


def git(*words: str, cwd: Path) -> str:
    """Run git as somebody, whatever this machine's settings are; return what it prints."""
    who = ["-c", "user.name=Teacher", "-c", "user.email=teacher@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *who, *words], cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout


class Upstream:
    """The course's repository, as a folder on this machine, and the teacher's own clone of it."""

    def __init__(self, archive: Path, folder: Path) -> None:
        git("init", "--quiet", cwd=archive)
        git("add", "--all", cwd=archive)
        git("commit", "--quiet", "--message=The course", cwd=archive)
        git("clone", "--quiet", "--bare", str(archive), str(folder / "course.git"), cwd=folder)
        git("remote", "add", "origin", str(folder / "course.git"), cwd=archive)
        self.clone, self.address = archive, (folder / "course.git").as_uri()

    def update(self, change: Callable[[nbformat.NotebookNode], None]) -> None:
        """The teacher changes lesson 04 and adds a file."""
        edit(self.clone / LESSON, change)
        (self.clone / "notebooks" / "new.md").write_text("# New\n", encoding="utf-8")
        git("add", "--all", cwd=self.clone)
        git("commit", "--quiet", "--message=An update", cwd=self.clone)
        git("push", "--quiet", "origin", "HEAD", cwd=self.clone)


def edit(path: Path, change: Callable[[nbformat.NotebookNode], None]) -> None:
    """Change a notebook as JupyterLab stores it."""
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def answer(notebook: nbformat.NotebookNode) -> None:
    """The learner writes into a cell, whose output was cleared."""
    code(notebook)[9].update(source="# my answer", outputs=[])


def teach(notebook: nbformat.NotebookNode) -> None:
    """The teacher writes into another."""
    code(notebook)[6].source = "# the teacher's"


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def read(course: Path) -> nbformat.NotebookNode:
    """Lesson 04 in a learner's folder, which must be a notebook still."""
    notebook = nbformat.read(course / LESSON, as_version=4)
    nbformat.validate(notebook)
    return notebook


@pytest.fixture(scope="module")
def upstream(shared_archive: Path) -> Upstream:
    return Upstream(shared_archive, shared_archive.parent)


def free_ports() -> int:
    """The first of three ports in a row that nobody has."""

    def is_free(port: int) -> bool:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            return False
        return True

    return next(port for port in range(18000, 20000, 3) if all(map(is_free, range(port, port + 3))))


# The files


def test_the_link_is_made_of_the_projects_address(root: Path, readme: str, repository: str) -> None:
    asked = {"repo": repository, "targetPath": "course", "urlpath": FIRST}
    assert f"/hub/user-redirect/git-pull?{urlencode(asked)}\n" in readme
    assert (root / FIRST.removeprefix("lab/tree/course/")).is_file()


def test_the_commands_name_files_that_exist(root: Path, readme: str) -> None:
    assert "NNLIB_HUB_PASSWORD=sleep-and-study bash binder/hub/start\n" in readme
    for name in re.findall(r"binder/hub/[\w.]+", readme):
        assert (root / name).exists() or name == "binder/hub/state", name
    if os.name == "posix":
        assert os.access(root / "binder" / "hub" / "start", os.X_OK)


def test_every_setting_is_explained(root: Path, readme: str) -> None:
    known = set()
    for name in ["start", "jupyterhub_config.py"]:
        known |= set(re.findall(r"NNLIB_HUB_[A-Z]+", (root / "binder" / "hub" / name).read_text("utf-8")))
    assert set(re.findall(r"NNLIB_HUB_[A-Z]+", readme)) == known


def test_the_values_for_kubernetes_are_those_of_the_readme(root: Path, readme: str, repository: str) -> None:
    values = yaml.safe_load((root / "binder" / "hub" / "values.yaml").read_text(encoding="utf-8"))
    singleuser = values["singleuser"]
    assert set(values) == {"hub", "singleuser", "scheduling", "prePuller", "cull"}
    assert singleuser["defaultUrl"] == f"/{FIRST}"
    pull = singleuser["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert pull == ["sh", "-c", f'gitpuller {repository} "" "$HOME/course" || true']
    assert singleuser["image"]["name"] in readme
    for said in [
        f"memory guarantee {singleuser['memory']['guarantee']}, limit {singleuser['memory']['limit']}",
        f"CPU guarantee {singleuser['cpu']['guarantee']}, limit {singleuser['cpu']['limit']}",
        f"{values['scheduling']['userPlaceholder']['replicas']} placeholders",
        f"{values['cull']['timeout'] // 60} idle minutes",
        f"{values['hub']['concurrentSpawnLimit']} servers",
    ]:
        assert said in " ".join(readme.split()), said


# What is missing or taken is said in words


def refused(root: Path, command: list[str], **environment: str) -> str:
    """Start the hub in vain; return what it says."""
    done = subprocess.run(
        command,
        cwd=root,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


START = ["bash", "binder/hub/start"]
CONFIG = [sys.executable, "-m", "jupyterhub", "-f", "binder/hub/jupyterhub_config.py"]
needs_posix = pytest.mark.skipif(os.name != "posix", reason="JupyterHub runs on Linux and macOS")
needs_hub = pytest.mark.skipif(
    find_spec("jupyterhub") is None or find_spec("nbgitpuller") is None,
    reason="JupyterHub is not installed: python3 -m pip install -r binder/hub/requirements.txt",
)


@needs_posix
@pytest.mark.parametrize("password", ["", "short"])
def test_a_class_needs_a_password(root: Path, tmp_path: Path, password: str) -> None:
    said = refused(root, START, NNLIB_HUB_PASSWORD=password, NNLIB_HUB_STATE=str(tmp_path / "state"))
    assert "needs a password of at least 8 characters" in said
    assert not (tmp_path / "state").exists()


@needs_posix
def test_without_node_it_says_what_to_install(root: Path, tmp_path: Path) -> None:
    for name in ["bash", "dirname", "git"]:
        (tmp_path / name).symlink_to(shutil.which(name) or "/bin/false")
    said = refused(root, START, NNLIB_HUB_PASSWORD=PASSWORD, PATH=str(tmp_path))
    assert said.startswith("The hub needs node, which was not found.")


@needs_posix
@needs_hub
def test_a_port_that_is_taken_is_named(root: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(root, CONFIG, NNLIB_HUB_STATE=str(tmp_path), NNLIB_HUB_PORT=str(port))
    assert f"cannot have {port}: Address already in use" in said
    assert "NNLIB_HUB_PORT=9000 bash binder/hub/start" in said


@needs_posix
@needs_hub
@pytest.mark.parametrize("port", ["eighty", "0", "65535"])
def test_a_port_must_be_a_number(root: Path, tmp_path: Path, port: str) -> None:
    said = refused(root, CONFIG, NNLIB_HUB_STATE=str(tmp_path), NNLIB_HUB_PORT=port)
    assert f"must be a number from 1 to 65533, as 8000 is; got '{port}'" in said


@needs_posix
@needs_hub
def test_without_the_proxy_it_says_how_to_get_it(root: Path, tmp_path: Path) -> None:
    settings = {"NNLIB_HUB_STATE": str(tmp_path), "NNLIB_HUB_PORT": str(free_ports())}
    assert "configurable-http-proxy, was not found" in refused(root, CONFIG, **settings, PATH=str(tmp_path))


@needs_posix
@needs_hub
def test_a_course_that_git_cannot_pull_is_named(root: Path, tmp_path: Path) -> None:
    for name in ["configurable-http-proxy", "node"]:
        (tmp_path / name).symlink_to("/bin/sh")
    settings = {"NNLIB_HUB_STATE": str(tmp_path), "NNLIB_HUB_PORT": str(free_ports())}
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    said = refused(root, CONFIG, **settings, PATH=path, NNLIB_HUB_COURSE=str(tmp_path / "none"))
    assert f"{tmp_path / 'none'} is no git repository with a branch" in said


# An update


@needs_hub
class TestUpdate:
    """What nbgitpuller makes of the teacher's changes and the learner's."""

    @pytest.fixture
    def upstream(self, archive: Path, tmp_path: Path) -> Upstream:
        return Upstream(archive, tmp_path)

    @pytest.fixture
    def learner(self, upstream: Upstream, tmp_path: Path) -> Path:
        self.pull(upstream, tmp_path / "course")
        return tmp_path / "course"

    def pull(self, upstream: Upstream, course: Path) -> None:
        command = [sys.executable, "-m", "nbgitpuller.pull", upstream.address, "", str(course)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def test_both_sides_changes_are_kept(self, upstream: Upstream, learner: Path) -> None:
        edit(learner / LESSON, answer)
        upstream.update(teach)
        self.pull(upstream, learner)
        merged = code(read(learner))
        assert [merged[9].source, merged[9].outputs] == ["# my answer", []]
        assert merged[6].source == "# the teacher's"
        assert (learner / "notebooks" / "new.md").is_file()
        assert len(merged) == len(code(read(upstream.clone)))

    def test_in_a_cell_that_both_changed_the_learner_wins(self, upstream: Upstream, learner: Path) -> None:
        def teach_both(notebook: nbformat.NotebookNode) -> None:
            teach(notebook)
            code(notebook)[9].source = "# the teacher's too"

        edit(learner / LESSON, answer)
        upstream.update(teach_both)
        self.pull(upstream, learner)
        merged = code(read(learner))
        assert [merged[9].source, merged[6].source] == ["# my answer", "# the teacher's"]

    def test_a_deleted_file_comes_back_and_one_of_the_learners_own_is_kept(
        self, upstream: Upstream, learner: Path
    ) -> None:
        (learner / "notebooks" / "new.md").write_text("mine\n", encoding="utf-8")
        (learner / LESSON).unlink()
        upstream.update(teach)
        self.pull(upstream, learner)
        assert code(read(learner))[6].source == "# the teacher's"
        assert (learner / "notebooks" / "new.md").read_text(encoding="utf-8") == "# New\n"
        (own,) = (learner / "notebooks").glob("new__*.md")
        assert own.read_text(encoding="utf-8") == "mine\n"


# The class


class Hub:
    """The class's hub, started by the command of its README, in a state folder of its own."""

    def __init__(self, root: Path, state: Path, course: str) -> None:
        self.state, self.log = state, state.parent / "hub.log"
        port = free_ports()
        self.address = f"http://127.0.0.1:{port}"
        settings = {"PASSWORD": PASSWORD, "STATE": str(state), "PORT": str(port), "COURSE": course}
        for name in LEARNERS:  # the page's commands can then be given by name
            own = state / "homes" / name / ".jupyter"
            own.mkdir(parents=True)
            (own / "jupyter_server_config.json").write_text('{"LabApp": {"expose_app_in_browser": true}}')
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["bash", "binder/hub/start"],
                cwd=root,
                env=os.environ | {f"NNLIB_HUB_{name}": value for name, value in settings.items()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Wait until it answers; the first time it installs."""
        for _ in range(300):
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                with urllib.request.urlopen(f"{self.address}/hub/health", timeout=10):
                    return
            except OSError:
                time.sleep(1)
        raise AssertionError(f"no answer after 300 seconds:\n{self.log.read_text(encoding='utf-8')}")

    def course(self, name: str) -> Path:
        return self.state / "homes" / name / "course"

    def megabytes(self, name: str) -> float:
        """What the learner's server and kernels take, with their share of what several of them use."""
        processes = psutil.Process(self.process.pid).children(recursive=True)
        own = [each for each in processes if each.environ().get("JUPYTERHUB_USER") == name]
        return sum(each.memory_full_info().pss for each in own) / 1e6

    def stop(self) -> None:
        """Press Ctrl+C, and wait until the learners' servers have ended too."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


@pytest.fixture(scope="module")
def hub(root: Path, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    if not os.environ.get("NNLIB_REQUIRE_HUB"):
        pytest.skip("the class was not tried, since that installs JupyterHub: NNLIB_REQUIRE_HUB=1 does it")
    hub = Hub(root, tmp_path_factory.mktemp("hub") / "state", upstream.address)
    try:
        hub.wait()
        yield hub
    finally:
        hub.stop()


@asynccontextmanager
async def browsing(chromium: str) -> AsyncIterator[Any]:
    """A browser in which several learners can act at once."""
    from browser import FLAGS
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


async def enter(browser: Any, hub: Hub, name: str) -> Any:
    """Log in by the form, and wait for the first lesson; return the page."""
    from browser import keep_errors

    context = await browser.new_context(viewport={"width": 1280, "height": 720})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    keep_errors(page)
    page.on("dialog", lambda dialog: dialog.accept())  # leave a page, whatever has changed on it
    await page.goto(hub.address)
    await page.fill("#username_input", name)
    await page.fill("#password_input", PASSWORD)
    await page.click("#login_submit")
    await page.wait_for_selector(".jp-Notebook .jp-Cell")
    assert page.url.endswith(f"/user/{name}/{FIRST}")
    return page


async def open_lesson(page: Any, hub: Hub, name: str) -> None:
    # A page that saves by itself at the same moment as it is told to asks which of both is to stay.
    await page.evaluate("([id, raw]) => jupyterapp.serviceManager.settings.save(id, raw)", NO_AUTOSAVE)
    await page.goto(f"{hub.address}/user/{name}/lab/tree/course/{LESSON}?reset")
    await page.wait_for_selector(".jp-Notebook .jp-Cell")
    await page.wait_for_selector(".jp-KernelName:has-text('Python 3')")
    await page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")


async def write(page: Any, number: int, text: str) -> None:
    """Type into a code cell, and save."""
    await page.evaluate(
        """([number, text]) => {
            const cells = jupyterapp.shell.currentWidget.content.widgets;
            cells.filter((cell) => cell.model.type === "code").at(number).model.sharedModel.setSource(text);
            return jupyterapp.commands.execute("docmanager:save");
        }""",
        [number, text],
    )


async def attend(browser: Any, hub: Hub, name: str) -> tuple[str, float, float]:
    """A learner's hour: log in, run lesson 04, move a slider of the first explorers, write, save."""
    started = time.monotonic()
    page = await enter(browser, hub, name)
    entered = time.monotonic() - started
    assert await page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts() == []

    await open_lesson(page, hub, name)
    await page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    await page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
    outputs = page.locator(".jp-Notebook .jp-OutputArea")
    for kind in ["stderr", "error"]:
        mark = f"[data-mime-type='application/vnd.jupyter.{kind}']"
        assert await outputs.locator(mark).all_inner_texts() == []
    assert await outputs.get_by_text("Error displaying widget").count() == 0

    explorers = page.locator(".nn-explorer:has(.nn-picture)")
    await explorers.nth(8).wait_for(state="attached")  # on a busy machine the page comes after the kernel
    first = 0.0
    for explorer in (await explorers.all())[:3]:
        await explorer.scroll_into_view_if_needed()
        before = await explorer.evaluate(DRAWN)
        # A film that was not trained has one epoch, and its slider nowhere to go. One key alone: of two the
        # kernel may skip what the second takes back.
        slider = explorer.locator("[role=slider]:visible:not([aria-label='epoch'])").first
        stands, least = [float(await slider.get_attribute(f"aria-value{at}")) for at in ("now", "min")]
        await slider.press("ArrowLeft" if stands > least else "ArrowRight")
        await page.wait_for_function(
            f"([explorer, before]) => ({DRAWN})(explorer) !== before",
            arg=[await explorer.element_handle(), before],
        )
        first = first or time.monotonic() - started
    await write(page, -1, f"# {name}")

    listed = await page.request.get(f"{hub.address}/user/{name}/api/contents")
    assert [each["name"] for each in (await listed.json())["content"]] == ["course"]
    for other in {*LEARNERS} - {name}:
        asked = await page.request.get(f"{hub.address}/user/{other}/api/contents/course/{LESSON}")
        assert asked.status == 403
    assert page.errors == []
    return name, entered, first


@pytest.mark.browser
def test_a_class_works_at_once_and_nobody_in_anothers_folder(
    hub: Hub, root: Path, upstream: Upstream, chromium: str
) -> None:
    before = (root / LESSON).read_bytes()

    async def attend_all() -> list[tuple[str, float, float]]:
        async with asyncio.timeout(4 * PATIENCE / 1000), browsing(chromium) as browser:
            return await asyncio.gather(*[attend(browser, hub, name) for name in LEARNERS])

    for name, entered, first in asyncio.run(attend_all()):
        used = hub.megabytes(name)
        print(f"{name}: in after {entered:.0f} s, first slider after {first:.0f} s, {used:.0f} MB")
        assert code(read(hub.course(name)))[-1].source == f"# {name}"
        text = (hub.course(name) / LESSON).read_text(encoding="utf-8")
        assert [other for other in LEARNERS if f"# {other}" in text] == [name]
    assert (root / LESSON).read_bytes() == before
    assert git("status", "--porcelain", cwd=upstream.clone) == ""


@pytest.mark.browser
def test_the_link_brings_an_update_and_keeps_what_the_learner_wrote(
    hub: Hub, readme: str, repository: str, upstream: Upstream, chromium: str
) -> None:
    name = LEARNERS[0]
    link = re.search(r"/hub/user-redirect/git-pull\?\S+", readme)
    assert link
    address = link[0].replace(
        quote("https://github.com/OWNER/REPO", safe=""), quote(upstream.address, safe="")
    )
    assert address != link[0]

    async def follow_the_link() -> None:
        async with browsing(chromium) as browser:
            page = await enter(browser, hub, name)
            await open_lesson(page, hub, name)
            await write(page, 9, "# my answer")
            upstream.update(teach)
            await page.goto(hub.address + address)
            await page.wait_for_url(f"**/{FIRST}*")
            await page.wait_for_selector(".jp-Notebook .jp-Cell")
            assert page.errors == []

    asyncio.run(follow_the_link())
    merged = read(hub.course(name))
    assert code(merged)[9].source == "# my answer"
    assert code(merged)[6].source == "# the teacher's"
    assert (hub.course(name) / "notebooks" / "new.md").is_file()
