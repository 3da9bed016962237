"""Install a Debian package that tests need, where that can be done without asking anybody"""

import os
import shutil
import subprocess
import sys


class AptError(Exception):
    """This machine has no apt-get, we are not root, or it failed."""


def apt_install(*packages: str) -> None:
    """Install `packages` with apt-get. Says so on stderr: it takes a minute and stays installed."""
    if not shutil.which("apt-get"):
        raise AptError("not on this system")
    if os.geteuid() != 0:
        raise AptError("only root may install")
    print(f"Installing with apt-get: {' '.join(packages)} …", file=sys.stderr, flush=True)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "--yes", "--no-install-recommends", *packages)
    for command in (("apt-get", "update"), install):  # a new machine's package lists are empty or old
        done = subprocess.run(command, env=env, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise AptError(f"could not install {' '.join(packages)}: {done.stderr.strip()}")
