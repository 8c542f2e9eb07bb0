"""A class on one machine, for a trial: a hub where each learner has a copy of the course. See README.md.

`bash binder/hub/start` reads this file. Its settings are the environment variables NNLIB_HUB_...
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
STATE = Path(os.environ.get("NNLIB_HUB_STATE") or CHECKOUT / "binder" / "hub" / "state").resolve()
COURSE = os.environ.get("NNLIB_HUB_COURSE") or str(CHECKOUT)  # where learners' copies are pulled from
FOLDER = "course"  # its name in a learner's home
IP = os.environ.get("NNLIB_HUB_IP") or "127.0.0.1"  # this machine alone
PORT = os.environ.get("NNLIB_HUB_PORT") or "8000"
PROXY = "configurable-http-proxy"
PATIENCE = 300  # seconds for a server to start: at the start of a class all of them share the processors
AGAIN = "bash binder/hub/start"

# What can be wrong is said now, and not by a page of messages from the hub.
if not (PORT.isdecimal() and 0 < int(PORT) < 65534):
    sys.exit(f"NNLIB_HUB_PORT must be a number from 1 to 65533, as 8000 is; got {PORT!r}.")
public, proxy_api, hub = ports = range(int(PORT), int(PORT) + 3)
for port in ports:
    try:
        socket.create_server((IP if port == public else "127.0.0.1", port)).close()
    except OSError as error:
        sys.exit(
            f"The hub needs ports {public}, {proxy_api}, {hub} and cannot have {port}: {error.strerror}.\n"
            f"End the program that has it (another hub?), or choose others:\n  NNLIB_HUB_PORT=9000 {AGAIN}"
        )
proxy = shutil.which(PROXY, path=os.pathsep.join([str(STATE / "node_modules" / ".bin"), os.environ["PATH"]]))
if proxy is None or shutil.which("node") is None:
    sys.exit(
        f"The hub's proxy, {PROXY}, was not found, or Node.js, which it needs. Install Node.js; then this\n"
        f"installs the proxy and starts the hub:\n  {AGAIN}"
    )
STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
found = subprocess.run(
    ["git", "ls-remote", "--symref", "--", COURSE, "HEAD"],
    env=os.environ | {"HOME": str(STATE), "GIT_TERMINAL_PROMPT": "0"},  # as a learner's git will ask
    capture_output=True,
    text=True,
    check=False,
)
if not found.stdout.startswith("ref:"):
    sys.exit(
        f"Learners' copies are pulled with git, and {COURSE} is no git repository with a branch:\n"
        f"{found.stderr.strip() or 'it has no current branch'}\n"
        "Name one that is, as a folder or an address:\n"
        f"  NNLIB_HUB_COURSE=https://github.com/OWNER/REPO {AGAIN}"
    )


async def bring_the_course(spawner):
    """Pull the course into the learner's home; where both sides changed something, the learner's stays."""
    home = Path(spawner.home_dir)
    home.mkdir(parents=True, exist_ok=True)
    pull = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "nbgitpuller.pull", COURSE, "", str(home / FOLDER)],
        env=os.environ | {"HOME": str(home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await pull.communicate()
    if pull.returncode:
        spawner.log.warning("The course was not pulled for %s:\n%s", spawner.user.name, said.decode())
    if not (home / FOLDER).is_dir():
        raise RuntimeError(f"The course could not be copied from {COURSE}; the hub's window says more.")


c = get_config()  # noqa: F821 (JupyterHub provides it)

c.JupyterHub.bind_url = f"http://{IP}:{public}"
c.JupyterHub.hub_port = hub
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy_api}"
c.ConfigurableHTTPProxy.command = [proxy]
c.ConfigurableHTTPProxy.log_level = "warn"
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.JupyterHub.log_level = "WARN"  # in a quiet window what goes wrong is seen
c.JupyterHub.db_url = "sqlite://"  # in memory: what learners did is in their homes, the rest may be forgotten

# One password for all, and any name: enough for a room, and for nothing else.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ.get("NNLIB_HUB_PASSWORD")
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"^\w[\w-]{0,30}$"  # it becomes the name of a folder

# Every server runs under the account that started the hub, each in a home of its own.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{STATE}/homes/{{username}}"
c.Spawner.pre_spawn_hook = bring_the_course
c.Spawner.default_url = f"/lab/tree/{FOLDER}/notebooks/00_start_here.ipynb"
c.Spawner.args = ["--log-level=ERROR"] + ["--allow-root"] * (os.geteuid() == 0)
c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": str(CHECKOUT / "nnlib" / "course" / "jupyter"),  # the course's settings
    "PYTHONPATH": lambda spawner: f"{spawner.home_dir}/{FOLDER}",  # an update brings both together
}
# No limit on how many start at once: who is over it sees an error page, who waits sees a progress bar.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.start_timeout = c.Spawner.http_timeout = PATIENCE
# A server that has saved lately may answer an interrupt by waiting for ever; told to end, it ends.
c.LocalProcessSpawner.interrupt_timeout = 1

print(f"In a moment the class can open http://{IP}:{public}. Ctrl+C here ends it for all.", flush=True)
