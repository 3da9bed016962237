"""`elasticio new`: the component without a description, its files, names and errors."""

import json
import stat
from pathlib import Path

import pytest
from elasticio.cli import main
from elasticio_runner.check.modules import imported
from elasticio_runner.new import naming
from elasticio_runner.new.logo import SIZE, logo
from elasticio_runner.new.plain_text import plain, sentence

from tests.runner.new_components import problems, run


@pytest.fixture(scope="module")
def greeter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "greeter"
    assert main(["new", "My Greeter", "--folder", str(folder)]) == 0
    return folder


def test_a_new_component_has_no_problems(greeter: Path) -> None:
    assert problems(greeter, imported) == []


def test_the_tests_of_a_new_component_pass(greeter: Path) -> None:
    done = run(greeter, "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_a_new_component_runs_with_the_command_of_its_readme(greeter: Path) -> None:
    [line] = [line for line in (greeter / "README.md").read_text().splitlines() if "elasticio exec" in line]
    assert line == """.venv/bin/elasticio exec greet --body '{"name": "Ada"}' --config '{"greeting": "Hello"}'"""
    done = run(greeter, "elasticio", "exec", "greet", "--body", '{"name": "Ada"}', "--config", '{"greeting": "Hello"}')
    assert json.loads(done.stdout) == {"event": "data", "body": {"text": "Hello, Ada!"}}


def test_a_new_component_has_the_files_that_its_image_needs(greeter: Path) -> None:
    dockerfile, ignored = ((greeter / name).read_text() for name in ("Dockerfile", ".dockerignore"))
    for name in ("component.json", "logo.png", "verify_credentials.py", "schemas", "lib", "requirements.txt"):
        assert (greeter / name).exists()
        assert name in dockerfile
        assert f"!{name}\n" in ignored
    assert 'CMD ["elasticio", "run"]' in dockerfile
    assert "$" not in (greeter / "README.md").read_text()


def test_the_folder_is_named_after_the_component(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "  My  API 2.0 "]) == 0
    assert capsys.readouterr().out == "Created my-api-2-0 with 1 action. Next: read my-api-2-0/README.md.\n"
    assert json.loads((tmp_path / "my-api-2-0" / "component.json").read_text())["title"] == "My API 2.0"


@pytest.mark.parametrize("name", ["component.json", "tests/test_greet.py"])
def test_existing_files_are_not_replaced(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    assert main(["new", "A", "--folder", str(tmp_path)]) == 1
    assert f"{tmp_path / name} exists. Choose another folder" in capsys.readouterr().err
    assert (tmp_path / name).read_text() == "mine"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [Path(name).name]


def test_a_link_to_a_missing_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "new" / "lib").mkdir(parents=True)
    (tmp_path / "new" / "logo.png").symlink_to(tmp_path / "elsewhere.png")
    assert main(["new", "A", "--folder", str(tmp_path / "new")]) == 1
    assert not (tmp_path / "elsewhere.png").exists()


def test_other_files_of_a_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["new", "A", "--folder", str(tmp_path)]) == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("folder", ["file/new", "a\0b", "x" * 300])
def test_a_folder_that_cannot_be_written_is_an_error(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("a file")
    assert main(["new", "A", "--folder", folder]) == 1
    assert "the component cannot be written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["", "  ", "…", "a\x1b[0m", "x" * 81])
def test_an_unusable_name_ends_with_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["new", name])
    assert ended.value.code == 2
    assert "argument NAME: the name must have a letter from A to Z or a digit" in capsys.readouterr().err


def test_files_are_readable_for_the_image(greeter: Path) -> None:
    assert all(path.stat().st_mode & stat.S_IRUSR for path in greeter.rglob("*"))
    assert logo("A") == logo("A") != logo("B")
    assert logo("A")[16:24] == SIZE.to_bytes(4, "big") * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("listPets", "listPets"),
        ("list_pets", "list_pets"),
        ("pets/list-all", "petsListAll"),
        ("get /pets/{petId}", "getPetsPetId"),
        ("3d view", "call3DView"),
        ("Prüfung öffnen", "prufungOffnen"),
        ("Größe ändern", "grosseAndern"),
        ("…", "call"),
        ("x" * 90, "x" * 60),
    ],
)
def test_an_identifier_is_made_of_any_text(text: str, expected: str) -> None:
    assert naming.identifier(text, "call") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("getPet", "get_pet"),
        ("import", "import_action"),
        ("con", "con_action"),
        ("HTTPGet", "http_get"),
        ("a2b", "a_2_b"),
    ],
)
def test_a_module_can_be_imported_by_its_name(name: str, expected: str) -> None:
    assert naming.module(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("petId", "Pet ID"), ("find a pet by its id.", "Find a Pet by Its ID"), ("the_url", "The URL"), ("…", "")],
)
def test_a_title_is_in_title_case(text: str, expected: str) -> None:
    assert naming.title(text) == expected


def test_names_are_unique_in_any_spelling() -> None:
    taken: set[str] = set()
    assert [naming.unique(name, taken) for name in ("pets", "Pets", "pets", "pets2")] == [
        "pets",
        "Pets2",
        "pets3",
        "pets22",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Bold** `code` and [a link](https://a.b)", "Bold code and a link."),
        ("# Heading\n\n- one\n- two", "Heading one two."),
        ("<p>A &amp; B</p>", "A & B."),
        ("> Quoted\n>More", "Quoted More."),
        ("a\x00b\x1b\ud800", "a b."),
        (None, ""),
        (5, ""),
        ("Done!", "Done!"),
    ],
)
def test_a_description_becomes_plain_text(text: object, expected: str) -> None:
    assert sentence(text) == expected


def test_a_long_description_ends_after_a_sentence() -> None:
    assert plain("One sentence here. " * 9, 60) == "One sentence here. One sentence here. One sentence here."
    assert plain("word " * 50, 20) == "word word word…"
