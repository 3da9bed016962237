"""`elasticio new --from` with descriptions of public APIs that others wrote: STAPI, ReadMe and the pet store.

Each component has no problems, and its own tests send requests to a local server.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from elasticio.cli import main
from elasticio_runner.check.modules import imported

from tests.runner.new_components import component, problems, run, schema
from tests.runner.stub_api import started


@dataclass(frozen=True)
class PublicApi:
    """A description, its number of operations, and an operation whose test is run."""

    file: str
    operations: int
    executed: str


APIS = {
    "openapi-3.0": PublicApi("3.0/json/star-trek.json", 120, "getCharacter"),
    "openapi-3.1": PublicApi("3.1/yaml/readme.yaml", 54, "getCategory"),
    "swagger-2.0": PublicApi("2.0/json/petstore.json", 20, "uploadFile"),
}


@pytest.fixture(scope="module", params=APIS)
def public(request: pytest.FixtureRequest) -> PublicApi:
    return APIS[str(request.param)]


@pytest.fixture(scope="module")
def folder(public: PublicApi, api_descriptions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public") / "component"
    assert main(["new", "Public", "--from", str(api_descriptions / public.file), "--folder", str(folder)]) == 0
    return folder


def test_each_operation_is_an_action(public: PublicApi, folder: Path) -> None:
    actions = component(folder)["actions"]
    assert len(actions) == public.operations
    assert len(list((folder / "lib/actions").glob("*.py"))) == public.operations + 1
    outputs = [schema(folder, name, "out")["properties"] for name in actions]
    assert sum(map(bool, outputs)) > public.operations // 3


def test_the_component_has_no_problems(folder: Path) -> None:
    assert problems(folder, imported) == []


@pytest.mark.parametrize("public", ["openapi-3.0"], indirect=True)
def test_an_action_is_executed_by_the_tests_of_the_component(public: PublicApi, folder: Path) -> None:
    tests = f"test_an_action_sends_one_request[{public.executed}] or test_credentials"
    done = run(folder, "pytest", "-q", "-p", "no:cacheprovider", "-k", tests)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


@pytest.mark.parametrize("public", ["openapi-3.1"], indirect=True)
def test_an_action_is_executed_by_exec(public: PublicApi, folder: Path) -> None:
    with started() as stub:
        stub.content = b'{"title": "Guides"}'
        config = {"server": f"{stub.url}/v2", "accessToken": "t0ken"}
        body = {"branch": "stable", "section": "guides", "title": "A/B"}
        options = ("--config", json.dumps(config), "--body", json.dumps(body))
        done = run(folder, "elasticio", "exec", public.executed, *options)
    assert json.loads(done.stdout) == {"event": "data", "body": {"title": "Guides"}}, done.stderr
    [(method, path, headers, _)] = stub.requests
    assert (method, path) == ("GET", "/v2/branches/stable/categories/guides/A%2FB")
    assert headers["Authorization"] == "Bearer t0ken"


def test_the_code_is_small(folder: Path) -> None:
    lengths = [len(file.read_text().splitlines()) for file in (folder / "lib").rglob("*.py")]
    assert max(lengths) < 300
    json.loads((folder / "component.json").read_text())
