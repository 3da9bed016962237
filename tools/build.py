"""Write component.json, schemas/ and the generated parts of docs/ from the code.

python -m tools.build            write the files that have changed
python -m tools.build --check    write nothing; name each stale file and exit with 1
"""

import argparse
import json
import sys
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from tools import functions, group_pages, markdown, operators_page
from tools.actions_page import actions_page, trigger_sections
from tools.component import component, in_designer_order
from tools.errors_page import SECTION, outcome_table
from tools.flow_picture import flow_picture
from tools.picture import message_path
from tools.reference_page import reference_page

ROOT = functions.ROOT


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.build", description="Write component.json, schemas/ and the generated parts of docs/."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is stale")
    options = parser.parse_args(arguments)
    wanted = outputs()
    stale = [path for path, content in wanted.items() if _read(ROOT / path) != content]
    left_over = sorted(_present_files() - wanted.keys())
    if options.check:
        return report(stale, left_over)
    for path in stale:
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(wanted[path], encoding="utf-8")
    for path in left_over:
        (ROOT / path).unlink()
    return 0


def outputs() -> dict[str, str]:
    """Return the generated files as {path below the root: content}."""
    triggers, actions = in_designer_order(functions.triggers()), in_designer_order(functions.actions())
    files = {
        "component.json": _json(component(triggers, actions)),
        "docs/actions.md": actions_page(actions),
        "docs/message-path.svg": message_path(),
        "docs/reference.md": reference_page(),
    }
    for function in (*triggers, *actions):
        for side, schema in function.schemas.items():
            files[function.schema_path(side)] = _json(schema)
    files |= group_pages.pages(actions)
    for flow in (ROOT / "examples").glob("*.flow.json"):
        files[f"docs/recipes/{flow.name.removesuffix('.flow.json')}.svg"] = flow_picture(flow)
    files["docs/errors.md"] = markdown.replace_section(_read(ROOT / "docs/errors.md"), SECTION, outcome_table())
    files["docs/triggers.md"] = markdown.replace_section(
        _read(ROOT / "docs/triggers.md"), "functions", trigger_sections(triggers)
    )
    files["docs/operators.md"] = _with_sections(_read(ROOT / "docs/operators.md"), operators_page.sections())
    return files


def _with_sections(page: str, sections: Mapping[str, str]) -> str:
    """Return a page with its generated sections replaced."""
    for name, content in sections.items():
        page = markdown.replace_section(page, name, content)
    return page


def report(stale: list[str], left_over: list[str]) -> int:
    """Write the names of stale files to stderr. Returns 1 if there are any, else 0."""
    for path in stale:
        sys.stderr.write(f"{path} is stale: run make build\n")
    for path in left_over:
        sys.stderr.write(f"{path} belongs to no action or trigger: run make build\n")
    return 1 if stale or left_over else 0


def _present_files() -> set[str]:
    """Return the files in the folders of which `outputs` writes every file."""
    present = chain(
        (ROOT / "schemas").glob("*.json"), (ROOT / group_pages.FOLDER).glob("*.md"), (ROOT / "docs/recipes").glob("*")
    )
    return {path.relative_to(ROOT).as_posix() for path in present}


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str:
    """Return the text of a file; empty if the file is missing."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
