"""The three ways to have a broker of one's own

Each function returns a recipe, or raises UnavailableError with the reason why this machine cannot do it that way. All
of a broker is its own: ports on the loopback interface, node name, cookie and data, so that it meets no other broker.
"""

import os
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.apt import AptError, apt_install
from services.rabbitmq.private import Recipe

IMAGE = "rabbitmq:4-alpine"
# Debian's rabbitmq-server in /usr/sbin runs as root or rabbitmq only and insists on the system's data folder;
# what it wraps has no such wishes and lies here. Homebrew's folders are often missing from a PATH.
FOLDERS = ("/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/local/bin")
# The node's name service runs in the foreground and in our process group. Left to itself, Erlang would start a
# daemon that nobody stops.
LAUNCH = '"$0" -address 127.0.0.1 & exec "$1"'


class UnavailableError(Exception):
    """This machine cannot run a broker in this way."""


@contextmanager
def installed_server(folder: Path) -> Iterator[Recipe]:
    """Yield the recipe for an installed rabbitmq-server, with all its files in `folder`."""
    path = os.pathsep.join((*FOLDERS, os.environ.get("PATH", "")))
    server, epmd = (shutil.which(name, path=path) for name in ("rabbitmq-server", "epmd"))
    if not server or not epmd:
        raise UnavailableError("not installed")
    amqp, distribution, names = _free_ports(3)
    (folder / "enabled_plugins").write_text("[].\n")
    (folder / "rabbitmq.conf").write_text("disk_free_limit.absolute = 100MB\n")
    settings = {
        "HOME": str(folder),  # the cookie's place
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_NODENAME": "connector-tests@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(amqp),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONFIG_FILES": str(folder / "conf.d"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "config"),
        "RABBITMQ_SCHEMA_DIR": str(folder / "schema"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_FEATURE_FLAGS_FILE": str(folder / "feature_flags"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_LOGS": "-",
    }
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("RABBITMQ_")}
    yield Recipe("a private rabbitmq-server", ("/bin/sh", "-c", LAUNCH, epmd, server), amqp, inherited | settings)


@contextmanager
def docker_container(folder: Path) -> Iterator[Recipe]:
    """Yield the recipe for a container; its data is a volume, so that it survives the container's restart."""
    if not shutil.which("docker"):
        raise UnavailableError("not installed")
    if _run("docker", "info").returncode:
        raise UnavailableError("installed, but no daemon answers")
    if _run("docker", "image", "inspect", IMAGE).returncode and (pull := _run("docker", "pull", IMAGE)).returncode:
        raise UnavailableError(f"cannot pull {IMAGE}: {pull.stderr.strip()}")
    (port,) = _free_ports(1)
    name = f"connector-tests-{os.getpid()}-{port}"
    options = ("--rm", "--name", name, "--hostname", name, "--volume", f"{name}:/var/lib/rabbitmq")
    try:
        yield Recipe(
            f"a private {IMAGE} in Docker",
            ("docker", "run", *options, "--publish", f"127.0.0.1:{port}:5672", IMAGE),
            port,
        )
    finally:
        _run("docker", "rm", "--force", name)
        _run("docker", "volume", "rm", "--force", name)


@contextmanager
def apt_server(folder: Path) -> Iterator[Recipe]:
    """Install rabbitmq-server with apt-get, then yield the recipe for it."""
    try:
        apt_install("rabbitmq-server")
    except AptError as error:
        raise UnavailableError(str(error)) from error
    _end_system_service()
    with installed_server(folder) as recipe:
        yield recipe


def _end_system_service() -> None:
    """Stop the service that Debian's package starts on all interfaces: it was not asked for."""
    if Path("/run/systemd/system").exists():
        _run("systemctl", "disable", "--now", "rabbitmq-server")
    elif shutil.which("service"):
        _run("service", "rabbitmq-server", "stop")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def _free_ports(count: int) -> list[int]:
    """Return ports nobody listens on, from below the range that systems take for outgoing connections.

    A broker that restarts needs its port again: it must not have gone to a passing connection meanwhile.
    """
    free: list[int] = []
    for port in random.sample(range(20000, 32000), 500):
        with socket.socket() as candidate:
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
        free.append(port)
        if len(free) == count:
            return free
    raise UnavailableError("no free port on the loopback interface")
