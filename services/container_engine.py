"""The engine that builds and runs the image: Docker if it runs, else Podman.

Without a registry of images, `debian_bases` creates the bases of the image from Debian packages.
"""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.apt import AptError, apt_install

# Debian's Podman prefers crun, which does not run on all kernels.
PODMAN = ("podman", "--cgroup-manager", "cgroupfs", "--runtime", "runc")
PACKAGES = ("podman", "buildah", "runc", "mmdebstrap")
SOURCES = ("/etc/apt/sources.list", "/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list.d/ubuntu.sources")
# A build with Podman uses the package index and the certificate authorities of this machine.
SHARED = ("/etc/pip.conf", "/etc/ssl/certs")
BASE, BUILD_BASE = "localhost/debian-python", "localhost/debian-python-venv"
VENV = f"""FROM {BASE}
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
"""


class EngineError(Exception):
    """No engine is available, or it failed. The text contains the end of its output."""


@dataclass(frozen=True)
class Engine:
    """An engine: its command, and the options with which it builds and runs on this machine.

    `index_options` let pip reach the package index in a build.
    """

    command: tuple[str, ...]
    build_options: tuple[str, ...] = ()
    run_options: tuple[str, ...] = ()
    index_options: tuple[str, ...] = ()

    def do(self, *arguments: str) -> str:
        """Run a command of the engine and return its output; raises EngineError."""
        return _output(*self.command, *arguments)

    def build(self, *arguments: str) -> None:
        """Build an image and show the output of the engine; raises EngineError."""
        command = (*self.command, "build", *self.build_options, *arguments)
        if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
            raise EngineError("the build failed, see above")

    def run_command(self, image: str, *command: str, options: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the command that runs a container in the foreground, in the network of this machine."""
        return (*self.command, "run", "--rm", "--network", "host", *self.run_options, *options, image, *command)


def find_engine() -> Engine:
    """Return the first engine that works. As root on Debian or Ubuntu, Podman is installed. Raises EngineError."""
    if shutil.which("docker") and _works("docker", "info"):
        return Engine(("docker",))
    if not all(map(shutil.which, PACKAGES)):
        try:
            apt_install(*PACKAGES)
        except AptError as reason:
            raise EngineError(f"Docker does not run, and Podman: {reason}. Start Docker, or install Podman.") from None
    volumes = [word for path in SHARED if Path(path).exists() for word in ("--volume", f"{path}:{path}:ro")]
    build = ("--isolation", "chroot", "--network", "host", "--layers=false")
    return Engine(PODMAN, build, tuple(_limits()), tuple(volumes))


def debian_bases(engine: Engine) -> tuple[str, str]:
    """Create two images from the packages of this machine's Debian or Ubuntu; returns their names.

    The first contains Python, the second also the module venv. Raises EngineError.
    """
    with tempfile.TemporaryDirectory() as folder:
        archive = str(Path(folder) / "base.tar")
        sources = [path for path in SOURCES if Path(path).exists()]
        _output("mmdebstrap", "--quiet", "--variant=minbase", "--include=python3", _release(), archive, *sources)
        engine.do("import", archive, BASE)
        recipe = Path(folder) / "Dockerfile"
        recipe.write_text(VENV)
        engine.build("--tag", BUILD_BASE, "--file", str(recipe), folder)
    return BASE, BUILD_BASE


def _limits() -> list[str]:
    """Return this process' own limits as options. Without the right to raise limits, a container cannot have more."""
    words = []
    for name, kind, most in (("nofile", resource.RLIMIT_NOFILE, 65_536), ("nproc", resource.RLIMIT_NPROC, 4096)):
        hard = resource.getrlimit(kind)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(hard, most)
        words += ["--ulimit", f"{name}={limit}:{limit}"]
    return words


def _release() -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    return next(line.partition("=")[2].strip('"') for line in lines if line.startswith("VERSION_CODENAME="))


def _works(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True, env=os.environ).returncode == 0


def _output(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise EngineError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout
