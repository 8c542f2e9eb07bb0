"""Links lead somewhere, the public address is kept once, and no file speaks of a machine or a registry."""

import json
import re
import tomllib
from pathlib import Path

import pytest

URL = re.compile(r"https?://[^\s<>\"'`)\]]+")
# [text](target "title"), ![text](target), src="target", href="target"; the text may go over several lines
TARGET = re.compile(r"\]\(\s*<?([^\s)>]+)|\b(?:src|href)=[\"']([^\"']+)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(?:root|home|work|Users)/\w|\b[A-Z]:\\+Users\\")
# Put together here, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("anaconda", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    ]
]


def texts(root: Path, project_files: list[Path]) -> dict[Path, str]:
    """Every text file of the project; pictures are left out."""
    found = {}
    for path in project_files:
        try:
            found[path] = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            assert path.suffix in {".gif", ".pdf", ".png", ".npz"}, (
                f"{path} is neither text nor a known kind of file"
            )
    return found


@pytest.fixture(scope="module")
def pages(root: Path, project_files: list[Path]) -> dict[Path, str]:
    """What people read: Markdown files, the Markdown of the lessons, and the citation file."""
    found = {}
    for path, text in texts(root, project_files).items():
        if path.suffix == ".ipynb":
            cells = json.loads(text)["cells"]
            found[path] = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        elif path.suffix in {".md", ".cff"}:
            found[path] = text
    return found


@pytest.fixture(scope="module")
def address(root: Path) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


def test_project_urls_derive_from_one_address(root: Path, address: str) -> None:
    urls = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", address)
    assert urls == {"Homepage": f"{address}#readme", "Repository": address, "Issues": f"{address}/issues"}


def test_every_public_link_derives_from_the_address(pages: dict[Path, str], address: str) -> None:
    binder = address.replace("https://github.com/", "https://mybinder.org/v2/gh/") + "/HEAD?urlpath=lab/tree/"
    owner, repository = address.split("/")[-2:]
    site = f"https://{owner}.github.io/{repository}/"
    allowed = re.compile(
        rf"{re.escape(address)}(?:[/#].*)?|{re.escape(binder)}notebooks/\w+\.ipynb|(?i:{re.escape(site)})"
        r"|https://mybinder\.org/badge_logo\.svg"
    )
    seen = []
    for path, text in pages.items():
        for url in URL.findall(text):
            if re.search(r"github\.com|github\.io|mybinder\.org", url):
                assert allowed.fullmatch(url.rstrip(".,;:")), f"{path}: {url}"
                seen.append((path.name, url))
    assert ("README.md", f"{address}/actions/workflows/ci.yml/badge.svg") in seen
    assert ("README.md", f"{binder}notebooks/00_start_here.ipynb") in seen
    assert ("README.md", site) in seen
    assert ("README.md", f"{address}/issues") in seen
    assert ("CITATION.cff", address) in seen


def test_every_relative_link_leads_to_a_file(root: Path, pages: dict[Path, str]) -> None:
    count = 0
    for path, text in pages.items():
        for found in TARGET.finditer(CODE.sub("", text)):
            target = (found[1] or found[2]).partition("#")[0]
            if target and not re.match(r"[a-z]+:", target):
                assert (root / path.parent / target).exists(), f"{path} links to {target}, which is not there"
                count += 1
    assert count >= 5


def test_binder_opens_a_lesson_that_exists(root: Path, pages: dict[Path, str]) -> None:
    lessons = re.findall(r"urlpath=lab/tree/(\S+?\.ipynb)", "\n".join(pages.values()))
    assert lessons
    for lesson in lessons:
        assert (root / lesson).is_file(), lesson


def test_no_file_names_a_path_of_one_machine_or_a_registry(root: Path, project_files: list[Path]) -> None:
    for path, text in texts(root, project_files).items():
        found = MACHINE_PATH.search(text)
        assert not found, f"{path}: {found and text[found.start() : found.end() + 30]!r}"
        for host in REGISTRIES:
            assert host not in text, f"{path} names {host}"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("see /ho" + "me/ada/course", True),
        ("File '/ro" + "ot/x.py'", True),
        ("C:\\\\Us" + "ers\\\\ada", True),
        ("https://example.org/home/page", False),
        ("homework/one", False),
        ("${REPO_DIR}/home/x", False),
    ],
)
def test_what_counts_as_a_path_of_one_machine(text: str, is_one: bool) -> None:
    assert bool(MACHINE_PATH.search(text)) == is_one


def test_citation_names_the_version_of_the_package(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"\nversion: {project['version']}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
