"""The course in a real browser: a copy of it served, a page that shows it, and what can be read there."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from server import Server, free_port

sync_api = pytest.importorskip("playwright.sync_api")
Locator, Page = sync_api.Locator, sync_api.Page
expect = sync_api.expect
expect.set_options(timeout=20_000)  # as every page (new_page): a machine may be busy

# What Chromium would otherwise ask the network for, or cannot have in a container.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Said on a busy page, and mended by nnlib/explore/page/common.js.
BUSY = "[anywidget] Failed to initialize model."


class Course:
    """A copy of the course, served."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root, self.home = root, home

    def start(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        # Commands such as "run all cells" can then be given by name, without hunting for menu entries.
        named = [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
        self.server = Server(self.root, self.home, free_port(), *named)
        assert self.server.get("/api")[0] == 200

    def open(self, page: Page, lesson: str) -> None:
        """Open a lesson: "/lab/tree/…" in JupyterLab, "/notebooks/…" in Notebook 7."""
        page.goto(f"{self.server.address()}{lesson}?token=abc&reset", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        # Without these two a greeted learner would be asked to choose a kernel.
        page.wait_for_selector(".jp-KernelName:has-text('Python 3')", timeout=60_000)
        idle(page)


@contextmanager
def served(root: Path, home: Path) -> Iterator[Course]:
    """The course in this folder, served until the end of the block."""
    course = Course(root, home)
    try:
        course.start()
        yield course
    finally:
        course.server.process.kill()
        course.server.process.wait()


@contextmanager
def browsing(chromium: str) -> Iterator[sync_api.Browser]:
    """A browser until the end of the block."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def new_page(browser: sync_api.Browser) -> Page:
    """A page as large as a slide; `errors` are those of its scripts."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(20_000)
    keep_errors(page)
    return page


def keep_errors(page: Page) -> None:
    """From now on, note in `page.errors` what goes wrong in the page's scripts."""
    page.errors = []
    page.on("pageerror", lambda error: None if str(error) == BUSY else page.errors.append(str(error)))


def idle(page: Page) -> None:
    """Wait until the kernel has nothing to do."""
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=60_000)


def run_all(page: Page) -> None:
    """Run every cell and wait until the last one is done."""
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    idle(page)
    page.wait_for_function("document.querySelectorAll('.nn-explorer .nn-words').length > 0")
    outputs = page.locator(".jp-Notebook .jp-OutputArea")
    assert outputs.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert outputs.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert outputs.get_by_text("Error displaying widget").count() == 0
    assert outputs.get_by_text("Loading widget").count() == 0


def says(explorer: Locator, text: str | re.Pattern[str]) -> None:
    """Wait until the explorer's words contain the text."""
    expect(explorer.locator(".nn-words")).to_contain_text(text)


def selected(explorer: Locator, k: int) -> None:
    """Wait until parameter k is the selected one."""
    expect(explorer.locator(f"[data-k='{k}']")).to_have_class(re.compile("nn-selected"))


def number(explorer: Locator, k: int) -> float:
    """The number that the diagram shows for parameter k."""
    text = explorer.locator(f"[data-k='{k}'] .nn-number").text_content()
    return float(text.removeprefix("b ").replace("−", "-"))


def epoch(explorer: Locator) -> int:
    """Where the film stands."""
    found = re.search(r"Epoch (\d+) of", explorer.locator(".nn-words").inner_text())
    assert found
    return int(found[1])


def picture(explorer: Locator) -> str:
    """The address of the first picture; every drawing has another."""
    return explorer.locator(".nn-picture").first.get_attribute("src")


def changed(page: Page, explorer: Locator, before: str) -> bool:
    """Wait until the first picture is another one, and loaded."""
    handle = explorer.locator(".nn-picture").first.element_handle()
    page.wait_for_function("([img, src]) => img.src !== src && img.complete", arg=[handle, before])
    return True


def slider_moves_on_slides(page: Page) -> None:
    """On live slides go on to the first explorer, press a key on its slider, and wait for another picture."""
    explorer = page.locator(".reveal .nn-explorer:has(.nn-picture):has([role=slider])").first
    explorer.wait_for(state="attached", timeout=60_000)
    for _ in range(40):
        if explorer.is_visible():
            break
        page.keyboard.press("Space")
        page.wait_for_timeout(300)
    before = picture(explorer)
    explorer.locator("[role=slider]").first.press("ArrowRight")
    changed(page, explorer, before)
    assert page.errors == []


def press_on(page: Page, explorer: Locator, control: Locator, key: str) -> None:
    """Press a key on a control of an explorer and wait for the next picture."""
    before = picture(explorer)
    control.focus()
    control.press(key)
    assert changed(page, explorer, before)
