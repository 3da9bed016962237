"""The broker that find_broker uses, and its error without a broker."""

import os
import shlex
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from services.rabbitmq import (
    Broker,
    BrokerFailedError,
    BrokerMissingError,
    PrivateBroker,
    find,
    find_broker,
    launchers,
    private_broker,
)

NO_BROKER = "amqp://guest:guest@127.0.0.1:9"


class Machine:
    """A machine with only the programs that a test adds. Each program records its calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        self.calls.touch()

    def program(self, name: str, script: str = "") -> None:
        """Add a program that records its call and then runs `script`."""
        path = self.folder / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> {shlex.quote(str(self.calls))}\n{script}\n')
        path.chmod(0o755)

    def called(self) -> list[str]:
        """Return the calls so far, in order."""
        return self.calls.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A bare machine: no broker runs, nothing is installed, and the user is root."""
    monkeypatch.delenv("AMQP_URI", raising=False)
    monkeypatch.setattr(find, "LOCAL", NO_BROKER)
    monkeypatch.setattr(launchers, "FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return Machine(tmp_path)


def test_the_named_broker_comes_first(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URI", broker.uri)
    monkeypatch.setattr(find, "LOCAL", NO_BROKER)
    with find_broker() as found:
        assert found.uri == broker.uri
        assert not isinstance(found, PrivateBroker)
        assert "AMQP_URI" in found.name


def test_the_broker_on_localhost_comes_second(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMQP_URI", raising=False)
    monkeypatch.setattr(find, "LOCAL", broker.uri)
    with find_broker() as found:
        assert found.uri == broker.uri
        assert not isinstance(found, PrivateBroker)


def test_a_wrong_password_is_reported_and_not_shown(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    address = urlsplit(broker.uri)
    monkeypatch.setenv("AMQP_URI", f"{address.scheme}://guest:wrong-secret@{address.hostname}:{address.port or 5672}")
    with pytest.raises(BrokerFailedError, match="refuses the user name or password") as caught, find_broker():
        pass
    assert "wrong-secret" not in str(caught.value)


def test_a_named_broker_that_does_not_respond_is_not_replaced(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.program("docker")
    monkeypatch.setenv("AMQP_URI", "amqp://guest:secret@127.0.0.1:9")
    with pytest.raises(BrokerFailedError, match=r"127\.0\.0\.1:9, but: no response") as caught, find_broker():
        pass
    assert "secret" not in str(caught.value)
    assert machine.called() == []


def test_the_error_lists_what_was_tried_and_what_to_install(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.program("docker", "exit 1")
    machine.program("apt-get")
    with pytest.raises(BrokerMissingError) as caught, find_broker():
        pass
    message = str(caught.value)
    for part in (
        "AMQP_URI: not set",
        "localhost:5672, as guest: no response",
        "rabbitmq-server: not installed",
        "Docker: installed, but the daemon does not respond",
        "apt-get: only root can install packages",
        "sudo apt-get install rabbitmq-server",
        "AMQP_URI=amqp://",
    ):
        assert part in message
    assert machine.called() == ["docker info"]


def test_docker_runs_a_container_on_loopback_and_removes_it(machine: Machine, tmp_path: Path) -> None:
    machine.program("docker")
    with launchers.docker_container(tmp_path) as launch:
        command = " ".join(launch.command)
        assert f"--publish 127.0.0.1:{launch.port}:5672" in command
        name = launch.command[launch.command.index("--name") + 1]
        assert f"--volume {name}:/var/lib/rabbitmq" in command  # a restart needs the data
    assert machine.called()[-2:] == [f"docker rm --force {name}", f"docker volume rm --force {name}"]


def test_without_the_docker_image_apt_is_tried(machine: Machine) -> None:
    machine.program("docker", 'case "$1" in image) exit 1;; pull) echo no route >&2; exit 1;; esac')
    with pytest.raises(BrokerMissingError, match="no route"), private_broker():
        pass


def test_apt_updates_installs_and_stops_the_system_service(machine: Machine, tmp_path: Path) -> None:
    chmod = shutil.which("chmod", path=os.defpath)
    server, epmd = (shlex.quote(str(tmp_path / name)) for name in ("rabbitmq-server", "epmd"))
    install = f'[ "$1" = update ] || {{ : > {server}; : > {epmd}; {chmod} +x {server} {epmd}; }}'
    machine.program("apt-get", install)
    machine.program("systemctl")
    machine.program("service")
    with launchers.apt_server(tmp_path) as launch:
        assert launch.command[-1] == str(tmp_path / "rabbitmq-server")
    update, installed, stopped = machine.called()
    assert update == "apt-get update"
    assert installed == "apt-get install --yes --no-install-recommends rabbitmq-server"
    assert stopped in ("systemctl disable --now rabbitmq-server", "service rabbitmq-server stop")


def test_the_error_of_apt_is_quoted(machine: Machine) -> None:
    machine.program("apt-get", '[ "$1" = update ] || { echo "E: Unable to locate package" >&2; exit 100; }')
    with pytest.raises(BrokerMissingError, match="E: Unable to locate package"), private_broker():
        pass
