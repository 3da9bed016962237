"""Emitted files keep their names where a file system allows it, and never replace each other."""

import os
from pathlib import Path

import pytest
from elasticio_runner.errors import OutputError
from elasticio_runner.saved_files import SavedFiles, file_name
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("report.csv", "report.csv"),
        ("../../etc/passwd", "passwd"),
        (r"C:\temp\report.csv", "report.csv"),
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        ("/", "file"),
        (".hidden", ".hidden"),
        ("two\nlines\x00.txt", "two_lines_.txt"),
        ("a" * 300 + ".csv", "a" * 200 + ".csv"),
        ("\ud83d.txt", "?.txt"),
        ("a." + "b" * 300, "a." + "b" * 19),
    ],
)
def test_names_are_safe(name: str, saved: str) -> None:
    assert file_name(name) == saved


@given(st.text(st.characters(codec=None), max_size=400))
def test_any_name_can_be_a_file(name: str) -> None:
    safe = file_name(name)
    assert safe not in ("", ".", "..")
    assert Path(safe).name == safe
    assert len(os.fsencode(safe)) <= 255


def test_equal_names_get_numbers(tmp_path: Path) -> None:
    contents = ["one", "two", "three", "four"]
    sources = [tmp_path / content for content in contents]
    for source in sources:
        source.write_text(source.name)
    saved = SavedFiles(tmp_path / "out")
    saved.save({"a/report.csv": sources[0], "b/report.csv": sources[1]})
    saved.save({"REPORT.csv": sources[2], "report-2.csv": sources[3]})
    found = {file.name: file.read_text() for file in (tmp_path / "out").iterdir()}
    assert found == {"report.csv": "one", "report-2.csv": "two", "REPORT-3.csv": "three", "report-2-2.csv": "four"}


def test_files_of_an_earlier_run_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("new")
    for _ in range(2):
        SavedFiles(tmp_path / "out").save({"report.csv": tmp_path / "source"})
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["report.csv"]


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="files cannot be saved"):
        SavedFiles(tmp_path / "file").save({"report.csv": tmp_path / "file"})
