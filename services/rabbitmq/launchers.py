"""Launches a private broker with an installed server, with Docker, or with a package from apt-get.

Each function yields a launch command. It raises UnavailableError with the reason if this machine does not support it.
A private broker shares nothing with other brokers: it has its own ports on the loopback interface, node name, cookie
and data.
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
from services.rabbitmq.private import LaunchCommand

IMAGE = "rabbitmq:4-alpine"
# Debian's rabbitmq-server in /usr/sbin runs only as root or rabbitmq, and only with the system's data folder. The
# script that it wraps is in the first folder and has no such limits. Homebrew's folders are often not on PATH.
FOLDERS = ("/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/local/bin")
# Run epmd, Erlang's name service, in the foreground and in this process group. Otherwise Erlang starts a daemon
# that keeps running after the broker.
LAUNCH = '"$0" -address 127.0.0.1 & exec "$1"'


class UnavailableError(Exception):
    """This machine cannot launch a broker in this way. The text contains the reason."""


@contextmanager
def installed_server(folder: Path) -> Iterator[LaunchCommand]:
    """Yield the launch command of an installed rabbitmq-server, with all its files in `folder`."""
    path = os.pathsep.join((*FOLDERS, os.environ.get("PATH", "")))
    server, epmd = (shutil.which(name, path=path) for name in ("rabbitmq-server", "epmd"))
    if not server or not epmd:
        raise UnavailableError("not installed")
    amqp, distribution, names = _free_ports(3)
    (folder / "enabled_plugins").write_text("[].\n")
    (folder / "rabbitmq.conf").write_text("disk_free_limit.absolute = 100MB\n")
    settings = {
        "HOME": str(folder),  # contains the cookie
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
    signal = ("/bin/sh", "-c", 'kill "$1" "$(cat "$0")"', settings["RABBITMQ_PID_FILE"])
    yield LaunchCommand(
        "a private rabbitmq-server",
        ("/bin/sh", "-c", LAUNCH, epmd, server),
        amqp,
        control=(str(Path(server).with_name("rabbitmqctl")), "--node", settings["RABBITMQ_NODENAME"]),
        freeze=(*signal, "-STOP"),
        thaw=(*signal, "-CONT"),
        env=inherited | settings,
    )


@contextmanager
def docker_container(folder: Path) -> Iterator[LaunchCommand]:
    """Yield the launch command of a container. Its data is in a volume, so it survives restarts of the container."""
    if not shutil.which("docker"):
        raise UnavailableError("not installed")
    if _run("docker", "info").returncode:
        raise UnavailableError("installed, but the daemon does not respond")
    if _run("docker", "image", "inspect", IMAGE).returncode and (pull := _run("docker", "pull", IMAGE)).returncode:
        raise UnavailableError(f"failed to pull {IMAGE}: {pull.stderr.strip()}")
    (port,) = _free_ports(1)
    name = f"connector-tests-{os.getpid()}-{port}"
    options = ("--rm", "--name", name, "--hostname", name, "--volume", f"{name}:/var/lib/rabbitmq")
    try:
        yield LaunchCommand(
            f"a private {IMAGE} in Docker",
            ("docker", "run", *options, "--publish", f"127.0.0.1:{port}:5672", IMAGE),
            port,
            control=("docker", "exec", name, "rabbitmqctl"),
            freeze=("docker", "pause", name),
            thaw=("docker", "unpause", name),
        )
    finally:
        _run("docker", "rm", "--force", name)
        _run("docker", "volume", "rm", "--force", name)


@contextmanager
def apt_server(folder: Path) -> Iterator[LaunchCommand]:
    """Install rabbitmq-server with apt-get, then yield its launch command."""
    try:
        apt_install("rabbitmq-server")
    except AptError as error:
        raise UnavailableError(str(error)) from error
    _stop_system_service()
    with installed_server(folder) as launch:
        yield launch


def _stop_system_service() -> None:
    """Stop the service that Debian's package starts on all interfaces: no test needs it."""
    if Path("/run/systemd/system").exists():
        _run("systemctl", "disable", "--now", "rabbitmq-server")
    elif shutil.which("service"):
        _run("service", "rabbitmq-server", "stop")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def _free_ports(count: int) -> list[int]:
    """Return free ports below the range that systems use for outgoing connections.

    A broker needs the same port after a restart: an outgoing connection must not occupy it in the meantime.
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
