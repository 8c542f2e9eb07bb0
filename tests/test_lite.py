"""The course in the browser alone: what goes into the site, and the site where JupyterLite is installed."""

import ast
import functools
import http.server
import importlib.metadata
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from support import takes_long

from nnlib.course import installation

LESSONS = ["00", "01", "02", "03", "04", "05"]
# No lesson imports these: they belong to the command line.
OF_A_SERVER = {"__main__", "deck", "present", "server"}
# A lesson compares with these where they are installed, and goes on where they are not.
OPTIONAL = {"keras", "sklearn", "torch"}
# Of the standard library, what Pyodide leaves out.
LEFT_OUT = {
    *["curses", "dbm", "ensurepip", "fcntl", "grp", "idlelib", "lib2to3", "msvcrt", "pwd", "resource"],
    *["syslog", "termios", "tkinter", "turtle", "turtledemo", "venv", "winreg", "winsound"],
}


@pytest.fixture(scope="module")
def build(root: Path) -> ModuleType:
    """The script that builds the site."""
    spec = importlib.util.spec_from_file_location("build", root / "binder/lite/build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lesson(root: Path, number: str) -> Path:
    [path] = (root / "notebooks").glob(f"{number}_*.ipynb")
    return path


def code_cells(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def imported(code: str) -> set[str]:
    """The top-level modules that some code imports."""
    nodes = list(ast.walk(ast.parse(code)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


def test_what_lessons_link_to_is_on_the_site(root: Path, build: ModuleType) -> None:
    texts = [lesson(root, number).read_text(encoding="utf-8") for number in LESSONS]
    links = {place for text in texts for place in re.findall(r"\]\(([^)#:]+)", text)}
    assert {place for place in links if not place.endswith(".ipynb")} == set(build.LINKED)


def test_every_import_can_be_had_in_the_browser(root: Path, build: ModuleType) -> None:
    modules = [path for path in (root / "nnlib").rglob("*.py") if path.stem not in OF_A_SERVER]
    names = set().union(*(imported(path.read_text(encoding="utf-8")) for path in modules))
    for number in LESSONS:
        names |= imported("\n".join(code_cells(lesson(root, number)))) - OPTIONAL
    assert {"numpy", "matplotlib", "PIL", "ipywidgets", "nnlib"} <= names  # the search finds something
    given = {*build.pins("compiled.txt"), *build.pins("wheels.txt")}
    packages = importlib.metadata.packages_distributions()
    for name in names - set(sys.stdlib_module_names) - {"nnlib"}:
        normal = {re.sub(r"[-_.]+", "-", package).lower() for package in packages[name]}
        assert normal & given, f"{name} is in none of the site's wheels"
    assert not names & LEFT_OUT


def test_the_lists_name_each_package_once(build: ModuleType) -> None:
    compiled, pure = build.pins("compiled.txt"), build.pins("wheels.txt")
    assert {"numpy", "matplotlib", "pillow"} <= set(compiled)
    assert not set(compiled) & set(pure)
    assert all(re.fullmatch(r"[\d.]+(post\d)?", version) for version in [*compiled.values(), *pure.values()])


# As Pyodide's kernel runs a lesson: IPython in one thread, and neither processes nor signals.
ALONE = """
import json, os, signal, subprocess, sys, threading
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
import matplotlib.font_manager  # where it has no list of fonts yet, it makes one, and sets a timer
shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
def refuse(*given, **named):
    raise AssertionError("a thread, a process or a signal")
threading.Thread.start = subprocess.Popen.__init__ = signal.signal = os.fork = refuse
def run(code):
    result = shell.run_cell(code)
    result.raise_error()
for path in sys.argv[1:]:
    for cell in json.load(open(path, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            run("".join(cell["source"]))
run('''
from nnlib.explore import NetworkExplorer
explorer = [each for each in globals().values() if isinstance(each, NetworkExplorer)][-1]
explorer.train()
film = explorer.film
film.start()
film.play.value = film.play.max // 2
assert film.scrub.value == film.epochs[film.play.value] > 0
film.stop()
print("PLAYED")
''')
print("LOADED", *sorted(sys.modules))
"""


@pytest.mark.parametrize("number", ["00", pytest.param("04", marks=takes_long)])
def test_a_lesson_needs_no_thread_no_process_and_no_signal(root: Path, tmp_path: Path, number: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE, lesson(root, number)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "\nPLAYED\n" in done.stdout
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "nnlib.explore.parts.film" in loaded
    assert not loaded & {"nnlib.__main__", *(f"nnlib.course.{name}" for name in OF_A_SERVER)}


def test_a_page_that_cannot_fetch_numpy_says_so() -> None:
    code = "import sys; sys.modules['numpy'] = None; sys.platform = 'emscripten'; import nnlib"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "\nImportError: This page could not fetch NumPy from the internet." in done.stderr
    assert "ModuleNotFoundError" not in done.stderr


def test_in_the_browser_jupyterlab_is_not_looked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    find_spec = importlib.util.find_spec
    without = {"jupyterlab", "matplotlib"}
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in without else find_spec(name)
    )
    monkeypatch.setattr(sys, "platform", "emscripten")
    installation.check_installation()
    assert capsys.readouterr().out.startswith("Not installed: Matplotlib.\n")


def test_a_cell_run_again_closes_its_explorer_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from nnlib.explore import ArrowExplorer, Explorer, base

    request: dict[str, Any] = {"header": {"msg_id": "1"}, "metadata": {"cellId": "one"}}
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda: request))
    monkeypatch.setattr(base, "get_ipython", lambda: shell)
    monkeypatch.setattr(Explorer, "made", {})
    first = ArrowExplorer()
    request["header"] = {"msg_id": "2"}
    second = ArrowExplorer()
    assert first.comm is None
    assert second.comm is not None
    second.close()


@pytest.mark.parametrize("given", [["not a site"], ["new", "--pyodide", "not a site"]])
def test_what_cannot_be_built_is_said_in_words(
    given: list[str],
    build: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterlite_pyodide_kernel", ModuleType("jupyterlite_pyodide_kernel"))
    constants = SimpleNamespace(PYODIDE_VERSION="0")
    monkeypatch.setitem(sys.modules, "jupyterlite_pyodide_kernel.constants", constants)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "not a site").mkdir()
    (tmp_path / "not a site" / "diary.txt").write_text("dear")
    assert build.main(given) == 1
    said = capsys.readouterr().err
    assert (
        "not a site holds something else than a site" in said or "not a site is no Pyodide: it lacks" in said
    )
    assert [path.name for path in tmp_path.rglob("*")] == ["not a site", "diary.txt"]


def test_without_jupyterlite_it_says_what_to_install(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterlite_pyodide_kernel", None)
    assert build.main([str(tmp_path / "new")]) == 1
    assert re.search(
        r"To install: .* -m pip install -r .*binder/lite/requirements.txt", capsys.readouterr().err
    )


def test_the_documented_command_is_the_workflows(root: Path) -> None:
    command = "python3 -m pip install -r binder/lite/requirements.txt && python3 binder/lite/build.py site"
    assert command in (root / "binder/lite/README.md").read_text(encoding="utf-8")
    assert command in (root / ".github/workflows/pages.yml").read_text(encoding="utf-8")


# From here on with the site itself


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(root: Path, build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as the README says."""
    if importlib.util.find_spec("jupyterlite_pyodide_kernel") is None:
        pytest.skip("JupyterLite is not installed: binder/lite/requirements.txt has it")
    if shutil.which("npm") is None:
        pytest.skip("npm was not found: it fetches Pyodide")
    folder = tmp_path_factory.mktemp("lite") / "site"
    assert build.main([str(folder)]) == 0
    settings = folder / "jupyter-lite.json"
    config = json.loads(settings.read_text(encoding="utf-8"))
    config["jupyter-config-data"]["exposeAppInBrowser"] = True  # commands can then be given by name
    settings.write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=site)
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def lock(site: Path) -> dict[str, Any]:
    """What the kernel can load."""
    packages: dict[str, Any] = json.loads((site / "static/pyodide/pyodide-lock.json").read_text())["packages"]
    return packages


@pytest.fixture(scope="module")
def numpy_at_hand(lock: dict[str, Any]) -> None:
    """The compiled wheels of Pyodide, or a reason to skip."""
    url = lock["numpy"]["file_name"]
    host = urllib.parse.urlparse(url).netloc
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=20):
            pass
    except OSError as error:
        pytest.skip(f"NumPy for Pyodide cannot be fetched from {host}: {error}")


def test_the_site_holds_the_lessons_as_they_are(site: Path, root: Path, build: ModuleType) -> None:
    for number in LESSONS:
        path = lesson(root, number)
        assert (site / "files/notebooks" / path.name).read_bytes() == path.read_bytes()
    assert all((site / "files/notebooks" / linked).is_file() for linked in build.LINKED)
    for name in ["@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension", "anywidget"]:
        assert (site / "extensions" / name / "package.json").is_file()


def test_the_kernel_finds_all_that_nnlib_needs(site: Path, lock: dict[str, Any], build: ModuleType) -> None:
    needed, found = ["neural-networks-by-hand", "pyodide-kernel", "micropip", "piplite", "jedi"], set()
    while needed:
        name = needed.pop()
        if name not in found:
            found.add(name)
            needed += lock[name]["depends"]
    assert found == set(lock)
    assert {"numpy", "matplotlib", "pillow", "anywidget", "ipywidgets", "ipython"} <= found
    assert lock["neural-networks-by-hand"]["imports"] == ["nnlib"]
    elsewhere = {name for name, package in lock.items() if "://" in package["file_name"]}
    assert elsewhere == set(build.pins("compiled.txt"))
    for name in found - elsewhere:
        assert (site / "static/pyodide" / lock[name]["file_name"]).is_file()


class Notebook:
    """A lesson in the site, and what its kernel says."""

    def __init__(self, page: Any, address: str, number: str, root: Path) -> None:
        self.page = page
        page.goto(f"{address}/lab/index.html?path=notebooks/{lesson(root, number).name}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_selector(".jp-KernelName:has-text('Pyodide')", timeout=60_000)

    def says(self, code: str, words: str) -> None:
        """Put code into the first cell, run it, and wait until its answer contains the words."""
        from browser import expect

        self.page.evaluate(
            """(code) => {
                const notebook = jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = notebook.widgets.findIndex((cell) => cell.model.type === "code");
                notebook.activeCell.model.sharedModel.setSource(code);
                notebook.activeCell.node.classList.add("nn-asked");
                void jupyterapp.commands.execute("notebook:run-cell");
            }""",
            code,
        )
        expect(self.page.locator(".nn-asked .jp-OutputArea")).to_contain_text(words, timeout=180_000)


@pytest.fixture
def offline(chromium: str) -> Iterator[Any]:
    """A page that reaches this machine alone."""
    from browser import FLAGS, new_page, sync_api

    no_other = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, no_other])
        yield new_page(browser)
        browser.close()


SLIDER = """
import ipywidgets
slider = ipywidgets.FloatSlider(1, min=0, max=5, step=0.5, description="w")
shown = ipywidgets.Label("at 1.0")
slider.observe(lambda change: setattr(shown, "value", f"at {change['new']}"), "value")
ipywidgets.VBox([slider, shown])
"""
# Bytes of a state and bytes of a message, as the pictures and the bundles of nnlib/explore travel.
PAGE = """
import anywidget, traitlets
class Page(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        model.on("msg:custom", (content, [bytes]) => {
            el.textContent = content.words + new TextDecoder().decode(bytes) + model.get("png").byteLength;
        });
        model.set("ready", true);
        model.save_changes();
    } }'''
    ready = traitlets.Bool(False).tag(sync=True)
    png = traitlets.Bytes(b"12345").tag(sync=True)
page = Page()
page.observe(lambda _: page.send({"words": "heard "}, [b"bytes "]), "ready")
page
"""


@pytest.mark.browser
def test_python_runs_in_the_page_and_moves_widgets(address: str, offline: Any, root: Path) -> None:
    notebook = Notebook(offline, address, "00", root)
    notebook.says("1 + 1", "2")
    assert offline.locator(".jp-Dialog").count() == 0
    notebook.says("import sys; sys.platform", "emscripten")
    notebook.says(SLIDER, "at 1.0")
    offline.locator(".nn-asked [role=slider]").press("ArrowRight")
    offline.wait_for_selector(".nn-asked :text('at 1.5')")
    notebook.says(PAGE, "heard bytes 5")
    # By this an explorer knows which cell made it.
    notebook.says("sorted(get_ipython().kernel.get_parent()['metadata'])", "'cellId'")
    assert offline.errors == []


@pytest.mark.browser
def test_without_the_internet_nnlib_is_found_and_numpy_missed_in_words(
    address: str, offline: Any, root: Path
) -> None:
    notebook = Notebook(offline, address, "00", root)
    notebook.says("import nnlib", "ImportError: This page could not fetch NumPy from the internet.")
    notebook.says("import importlib.metadata as m; m.version('neural-networks-by-hand')", "'0.1.0'")


@pytest.mark.browser
def test_the_first_page_says_what_cannot_be_fetched(address: str, offline: Any, lock: dict[str, Any]) -> None:
    host = urllib.parse.urlparse(lock["numpy"]["file_name"]).netloc
    offline.goto(address)
    offline.wait_for_selector(f'#words:has-text("cannot fetch Python\'s parts from {host}.")')
    offline.click("#lessons")
    offline.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)


@pytest.mark.browser
@pytest.mark.usefixtures("numpy_at_hand")
def test_the_first_page_opens_the_lesson_asked_for(address: str, chromium: str) -> None:
    from browser import browsing, new_page

    with browsing(chromium) as browser:
        page = new_page(browser)
        page.goto(f"{address}/?path=notebooks/03_activations.ipynb")
        page.wait_for_selector(".jp-Notebook :text('Three neurons that multiply')", timeout=60_000)


@pytest.mark.browser
@pytest.mark.usefixtures("numpy_at_hand")
def test_lesson_4_runs_and_a_slider_moves_the_picture(address: str, chromium: str, root: Path) -> None:
    from browser import browsing, changed, new_page, picture

    with browsing(chromium) as browser:
        page = new_page(browser)
        notebook = Notebook(page, address, "04", root)
        notebook.says("import nnlib; nnlib.check_installation()", "Everything is installed.")
        page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(  # until every code cell has run
            """() => jupyterapp.shell.currentWidget.content.widgets
                .filter((cell) => cell.model.type === "code" && cell.model.sharedModel.getSource().trim())
                .every((cell) => cell.model.executionCount > 0 && cell.model.executionState !== "running")""",
            timeout=600_000,
        )
        outputs = page.locator(".jp-Notebook .jp-OutputArea")
        assert outputs.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        explorer = page.locator(".nn-explorer:has(.nn-picture):has([role=slider])").first
        explorer.scroll_into_view_if_needed()
        before = picture(explorer)
        explorer.locator("[role=slider]").first.press("ArrowRight")
        assert changed(page, explorer, before)
        assert page.errors == []
