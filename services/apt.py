"""Installs Debian packages with apt-get, without confirmation."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

# Processes that install at the same time wait for each other.
LOCK = Path(tempfile.gettempdir()) / f"connector-apt-{os.getuid()}.lock"


class AptError(Exception):
    """The package cannot be installed: no apt-get, not root, or apt-get failed."""


def apt_install(*packages: str) -> None:
    """Install `packages` with apt-get and print a line to stderr. The packages remain installed.

    Raises AptError with the reason.
    """
    if not shutil.which("apt-get"):
        raise AptError("apt-get does not exist on this system")
    if os.geteuid() != 0:
        raise AptError("only root can install packages")
    print(f"Installing with apt-get: {' '.join(packages)} …", file=sys.stderr, flush=True)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "--yes", "--no-install-recommends", *packages)
    with FileLock(LOCK):
        for command in (("apt-get", "update"), install):  # on a new machine the package lists are empty or outdated
            done = subprocess.run(
                command, env=env, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
            )
    if done.returncode:
        raise AptError(f"failed to install {' '.join(packages)}: {done.stderr.strip()}")
