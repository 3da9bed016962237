"""Releases: all places of the version, and the changelog."""

import datetime
import json
import re
from pathlib import Path

import pytest

from tools import functions, release
from tools.release import PLACES, ReleaseError, prepare

DAY = datetime.date(2027, 3, 4)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in (*PLACES, "CHANGELOG.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text((functions.ROOT / path).read_text())
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n- A change.\n\n## 0.0.1 - 2020-01-01\n")
    return tmp_path


def versions(root: Path) -> set[str]:
    return {found for path, pattern in PLACES.items() for found in re.findall(pattern, (root / path).read_text())}


def test_all_parts_have_the_same_version() -> None:
    (version,) = versions(functions.ROOT)
    assert json.loads((functions.ROOT / "component.json").read_text())["version"] == version


def test_the_version_is_set_everywhere(root: Path) -> None:
    before = {path: (root / path).read_text() for path in PLACES}
    prepare(root, "4.0.0", DAY)
    assert versions(root) == {"4.0.0"}
    for path, text in before.items():
        changed = (root / path).read_text()
        assert len([1 for old, new in zip(text.splitlines(), changed.splitlines(), strict=True) if old != new]) == 1


def test_unreleased_changes_become_those_of_the_version(root: Path) -> None:
    prepare(root, "4.0.0", DAY)
    assert (root / "CHANGELOG.md").read_text() == (
        "# Changelog\n\n## Unreleased\n\n## 4.0.0 - 2027-03-04\n\n- A change.\n\n## 0.0.1 - 2020-01-01\n"
    )


@pytest.mark.parametrize(
    ("version", "reason"), [("4.0", "not of the form"), ("v4.0.0", "not of the form"), ("0.0.9", "lower than")]
)
def test_a_wrong_version_changes_nothing(version: str, reason: str, root: Path) -> None:
    before = versions(root)
    with pytest.raises(ReleaseError, match=reason):
        prepare(root, version, DAY)
    assert versions(root) == before


def test_a_release_without_changes_is_refused(root: Path) -> None:
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 0.0.1 - 2020-01-01\n\n- Old.\n")
    before = versions(root)
    with pytest.raises(ReleaseError, match="no changes under Unreleased"):
        prepare(root, "4.0.0", DAY)
    assert versions(root) == before


def test_a_place_that_moved_is_an_error(root: Path) -> None:
    (root / "sdk/elasticio/version.py").write_text("")
    with pytest.raises(ReleaseError, match=r"sdk/elasticio/version\.py"):
        prepare(root, "4.0.0", DAY)


def test_uncommitted_changes_are_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(release, "_run", lambda *_: " M README.md\n")
    assert release.main(["9.0.0"]) == 1
    assert "uncommitted changes" in capsys.readouterr().err
