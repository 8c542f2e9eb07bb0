"""`python3 -m nnlib` opens the course in JupyterLab; `present 04` and `deck 04` make slides of lesson 04."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .course.installation import missing

ROOT = Path(__file__).resolve().parent.parent
LESSON = "notebooks/00_start_here.ipynb"
OLDEST = (3, 11)  # the Python that the package needs
# Defaults for JupyterLab: `--LabApp.news_url=None` alone still lets it ask "do you want news?"
SETTINGS = Path(__file__).resolve().parent / "course" / "jupyter"
# The other spellings of the options that `command` sets: Jupyter accepts one value for each.
SAME = {
    "--ServerApp.root_dir": ["--notebook-dir", "--ServerApp.notebook_dir"],
    "--LabApp.default_url": ["--ServerApp.default_url"],
    "--ServerApp.allow_root": ["--allow-root"],
    "--ServerApp.answer_yes": ["-y", "--yes"],
}
HELP = """\
usage: python3 -m nnlib [JUPYTER OPTIONS]
       python3 -m nnlib present LESSON [JUPYTER OPTIONS]
       python3 -m nnlib deck LESSON [FOLDER]

Opens the course in your browser: JupyterLab, on notebooks/00_start_here.ipynb.
Every option is passed on to JupyterLab, and wins over the course's own. For example:
  --no-browser                 print the address, open nothing
  --port=9000                  look for a free port from 9000 on (otherwise from 8888)
  --IdentityProvider.token=ab  choose the word that the address must carry
  --help-all                   every option that JupyterLab has
Ctrl+C ends it. With `present 04` it shows lesson 04 as slides with live sliders; with `deck 04` it writes
the slides into one HTML file that needs no Jupyter, and has no live sliders.
"""


def is_root() -> bool:
    """Tell whether the administrator runs this, as is usual in a container."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def command(options: Sequence[str], *, root: Path = ROOT, as_root: bool = False) -> list[str]:
    """Put together the command that starts JupyterLab; what `options` set is left to them."""
    ours = {
        "--ServerApp.root_dir": str(root),
        "--LabApp.default_url": f"/lab/tree/{LESSON}",
        "--LabApp.news_url": "None",
        "--LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "--ServerApp.answer_yes": "True",  # one Ctrl+C is enough
    }
    if as_root:
        ours["--ServerApp.allow_root"] = "True"
    theirs = {option.partition("=")[0] for option in options}
    kept = [
        f"{name}={value}" for name, value in ours.items() if theirs.isdisjoint([name, *SAME.get(name, [])])
    ]
    return [sys.executable, "-m", "jupyterlab", *kept, *options]


def environment() -> dict[str, str]:
    """Give JupyterLab the course's settings as defaults: what the learner has set in JupyterLab wins."""
    paths = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def main(options: Sequence[str] | None = None) -> int:
    """Start JupyterLab, or say in words why it cannot be started; return the exit code."""
    options = sys.argv[1:] if options is None else options
    does = options[0] if options and options[0] in ("present", "deck") else "open"
    options = options if does == "open" else options[1:]
    if does == "open" and {"-h", "--help"} & set(options):
        print(HELP, end="")
        return 0
    if not (ROOT / LESSON).is_file():
        print(
            f"The lessons were not found: there is no {LESSON} in {ROOT}.\n"
            "nnlib is installed here without the lessons, which are no part of the package.\n"
            "Get the whole course (a clone or an unpacked archive), and in its folder run:\n"
            "  python3 -m pip install -e . && python3 -m nnlib",
            file=sys.stderr,
        )
        return 1
    if sys.version_info < OLDEST:
        wanted, found = ".".join(map(str, OLDEST)), f"{sys.version.split()[0]}, {sys.executable}"
        print(
            f"The course needs Python {wanted} or newer; this is {found}.\n"
            "Install a newer one, and start the course with it.",
            file=sys.stderr,
        )
        return 1
    if does == "deck":  # needs no JupyterLab
        from .course.deck import main as deck

        return deck(ROOT, options)
    if names := missing():
        install = subprocess.list2cmdline([sys.executable, "-m", "pip", "install", "-e", str(ROOT)])
        print(f"Not installed in this Python: {', '.join(names)}. To install:\n  {install}", file=sys.stderr)
        return 1

    as_root = is_root()
    if does == "present":
        from .course.present import main as present

        return present(ROOT, command(options[1:], as_root=as_root), options, environment())
    if as_root:
        print("You are root, as is usual in a container, so JupyterLab is started with --allow-root.")
    print(f"Starting JupyterLab on {LESSON}. Ctrl+C here ends it.", flush=True)
    arguments = command(options, as_root=as_root)
    if os.name == "posix":
        os.execve(arguments[0], arguments, environment())  # the same process: signals reach JupyterLab itself
    with subprocess.Popen(arguments, env=environment()) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # JupyterLab was told too, and is stopping


if __name__ == "__main__":
    sys.exit(main())
