"""The distributions: wheels and source archives of the SDK, the runner and the sandbox, and an install from wheels."""

import re
import shlex
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.contract.new_environment import new_environment, run
from tests.contract.repository import ROOT

ROOMS = {"sdk": "elasticio_sdk", "runner": "elasticio_runner", "sandbox": "callfire_sandbox"}
LOCKED = dict(
    re.findall(
        r"(?m)^([a-z0-9.-]+)==(\S+)",
        "".join((ROOT / "requirements" / f"{name}.lock").read_text() for name in ("container", "dev")),
    )
)
LOWEST = dict(re.findall(r"(?m)^([a-z0-9.-]+)==(\S+)$", (ROOT / "requirements" / "lowest.txt").read_text()))
OURS = {"elasticio-sdk", "elasticio-runner", "callfire-sandbox"}


def project(room: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = tomllib.loads((ROOT / room / "pyproject.toml").read_text())["project"]
    return found


REQUIREMENTS = [(room, Requirement(text)) for room in ROOMS for text in project(room)["dependencies"]]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels and the source archives."""
    folder = tmp_path_factory.mktemp("dist")
    for room in ROOMS:
        built = run(sys.executable, "-m", "hatchling", "build", "--directory", folder, cwd=ROOT / room)
        assert built.returncode == 0, built.stderr
    return folder


def content(dist: Path, room: str) -> Mapping[str, bytes]:
    (wheel,) = dist.glob(f"{ROOMS[room]}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_metadata_is_accepted_by_an_index(dist: Path) -> None:
    checked = run(sys.executable, "-m", "twine", "check", "--strict", *sorted(dist.iterdir()), cwd=dist)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("PASSED") == 2 * len(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_wheel_has_its_license_types_and_description(room: str, dist: Path) -> None:
    files = content(dist, room)
    (license_file,) = (text for name, text in files.items() if name.endswith("/licenses/LICENSE"))
    assert license_file == (ROOT / "LICENSE").read_bytes()
    package = "elasticio" if room == "sdk" else ROOMS[room]
    assert f"{package}/py.typed" in files
    (metadata,) = (text.decode() for name, text in files.items() if name.endswith("/METADATA"))
    heading = (ROOT / room / "README.md").read_text().splitlines()[0]
    assert f"\n{heading}\n" in metadata
    links = re.findall(r"\]\(([^)]+)\)", re.sub(r"(?ms)^```.*?^```", "", metadata))
    assert all(re.match(r"https?://|#", link) for link in links), links


@pytest.mark.parametrize("page", ["runner/elasticio_runner/preview/static", "sandbox/callfire_sandbox/page/static"])
def test_a_wheel_contains_the_files_of_its_page(page: str, dist: Path) -> None:
    room, _, _ = page.partition("/")
    files = {path.relative_to(ROOT / room).as_posix() for path in (ROOT / page).rglob("*") if path.is_file()}
    assert any(name.endswith("index.html") for name in files)
    assert files <= content(dist, room).keys()


@pytest.mark.parametrize("room", ROOMS)
def test_a_source_archive_has_no_tests_and_builds_the_same_wheel(room: str, dist: Path, tmp_path: Path) -> None:
    (archive,) = dist.glob(f"{ROOMS[room]}-*.tar.gz")
    with tarfile.open(archive) as files:
        files.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    built = run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", cwd=folder)
    assert built.returncode == 0, built.stderr
    assert content(folder / "dist", room).keys() == content(dist, room).keys()


@pytest.mark.parametrize(("room", "wanted"), REQUIREMENTS, ids=lambda value: getattr(value, "name", value))
def test_the_bounds_of_a_dependency_are_tested(room: str, wanted: Requirement) -> None:
    lowest = [Version(each.version) for each in wanted.specifier if each.operator == ">="]
    assert lowest, f"{room}/pyproject.toml: {wanted.name} has no lower bound"
    if wanted.name in OURS:
        assert Version(project(next(name for name in ROOMS if project(name)["name"] == wanted.name))["version"]) in (
            wanted.specifier
        )
        return
    assert wanted.specifier.contains(LOCKED[wanted.name])
    assert wanted.specifier.contains(LOWEST[wanted.name])
    assert LOWEST[wanted.name].startswith(str(lowest[0]))


def test_the_list_of_lowest_versions_has_no_other_packages() -> None:
    assert LOWEST.keys() == {wanted.name for _, wanted in REQUIREMENTS} - OURS


@pytest.fixture(scope="module")
def environment(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the dependencies, without the packages of this repository; returns its bin folder."""
    folder = tmp_path_factory.mktemp("install")
    ours = ("elasticio", "_elasticio", "callfire_sandbox", "_callfire_sandbox")
    return new_environment(folder, ours).parent


def test_the_first_example_works_after_the_install_command_before_it(
    dist: Path, environment: Path, tmp_path: Path
) -> None:
    blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```", (ROOT / "sdk" / "README.md").read_text())
    (_, install), (_, descriptor), (_, module), (_, command), (_, shown) = blocks[:5]
    program, *arguments = shlex.split(install)
    assert program == "pip"
    options = ("--no-index", "--find-links", str(dist), "--quiet", "--disable-pip-version-check")
    done = run(environment / "python", "-m", "pip", *arguments, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "lib" / "actions").mkdir(parents=True)
    (tmp_path / "component.json").write_text(descriptor)
    (tmp_path / "lib" / "actions" / "greet.py").write_text(module)
    program, *arguments = shlex.split(command)
    done = run(environment / program, *arguments, cwd=tmp_path)
    assert (done.stdout, done.returncode) == (shown, 0), done.stderr


def test_the_first_component_has_twenty_lines() -> None:
    blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```", (ROOT / "sdk" / "README.md").read_text())
    lines = [line for _, text in blocks[1:3] for line in text.splitlines() if line.strip()]
    assert len(lines) <= 20
