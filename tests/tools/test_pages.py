"""The pages of the actions and docs/errors.md are complete, and their tables are narrow enough to read"""

import json
import posixpath
import re
import sys
from pathlib import Path

import pytest
from elasticio import ElasticioError

from lib.callfire.api import client
from lib.callfire.api.errors import CallFireError, Temporary
from lib.callfire.models import all_models
from lib.callfire.operation.schema import model_for_designer
from tools import field_lists, functions, markdown, source
from tools.actions_page import actions_page
from tools.errors_page import outcome_table
from tools.flow_picture import flow_picture
from tools.group_pages import SHARED_FORM, pages
from tools.operators_page import all_settings

ERRORS = (functions.ROOT / "docs" / "errors.md").read_text()
ACTIONS = functions.actions()
PAGE = actions_page(ACTIONS)
GROUP_PAGES = pages(ACTIONS)


def public_errors(root: type[Exception]) -> set[str]:
    """The names of the errors below `root` in its module."""
    classes = vars(sys.modules[root.__module__]).values()
    return {each.__name__ for each in classes if isinstance(each, type) and issubclass(each, root) and each is not root}


def test_every_action_has_a_section_with_its_inputs_and_outputs() -> None:
    found: dict[str, str] = {}
    for path, page in GROUP_PAGES.items():
        if path != "docs/actions/objects.md":
            found |= {part.partition("\n")[0]: part for part in page.split("\n## ")[1:]}
    assert len(found) == len(ACTIONS)
    for action in ACTIONS:
        section = " ".join(found[action.title].split())
        assert action.description in section
        assert f"ID: `{action.id}`" in section
        inputs, _, output = section.partition("**Output**")
        offered = [field for field in action.operation.offered if not (field.answered or field.hidden)]
        assert all(f"- `{field.name}` (" in inputs for field in offered)
        assert all(f"- `{name}` (" in output for name in action.operation.output_schema()["properties"])
        form = {name: field for name, field in action.form.items() if name not in SHARED_FORM}
        assert all(f"(`{name}`)" in inputs for name in form)
        models = [field.get("model") for field in form.values()]
        choices = [model for model in models if isinstance(model, dict) and len(model) < 12]
        assert all(f"{label} (`{value}`)" in inputs for model in choices for value, label in model.items())
        assert "**Example**" in section


def test_required_inputs_are_marked() -> None:
    page = " ".join(GROUP_PAGES["docs/actions/texts-and-calls.md"].split())
    assert "- `recipients` (list of [TextRecipient](objects.md#textrecipient))" in page
    assert "- `id` (integer, **required**): ID of the text." in page
    assert "`campaignId` (integer, or selected in the form)" in page


def test_every_link_of_a_page_leads_to_a_heading() -> None:
    pages = {**GROUP_PAGES, "docs/actions.md": PAGE}
    anchors = {path: {markdown.anchor(title) for title in re.findall(r"(?m)^##+ (.+)$", pages[path])} for path in pages}
    links = [(path, link) for path, page in pages.items() for link in re.findall(r"\]\(([^)]*#[^)]+)\)", page)]
    assert len(links) > 400
    for path, link in links:
        target, _, anchor = link.partition("#")
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
        assert wanted not in anchors or anchor in anchors[wanted], (path, link)


def test_every_object_has_a_section_with_its_properties() -> None:
    page = GROUP_PAGES["docs/actions/objects.md"]
    sections = {part.partition("\n")[0]: part for part in page.split("\n## ")[1:]}
    assert sections.keys() == all_models().keys()
    for name, model in all_models().items():
        assert all(f"- `{field.name}` (" in sections[name] for field in model.fields)


def test_objects_within_outputs_are_links_and_other_objects_have_items() -> None:
    schema = {
        "properties": {
            "text": model_for_designer("Text"),
            "list": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "integer"}}}},
        }
    }
    assert field_lists.outputs(schema, "o.md") == (
        "- `text` ([Text](o.md#text))\n- `list` (list of object)\n    - `a` (integer)\n"
    )


@pytest.mark.parametrize("root", [CallFireError, ElasticioError])
def test_every_error_is_explained(root: type[Exception]) -> None:
    rows = set(re.findall(r"(?m)^\| `(\w+)` \|", ERRORS))
    assert public_errors(root) - {Temporary.__name__} <= rows


def test_the_number_of_retries_is_the_client_s() -> None:
    words = {1: "once", 2: "twice", 3: "three times", 4: "four times"}
    assert f"repeats the request up to {words[client.TRIES - 1]}," in " ".join(ERRORS.split())


def test_only_requests_that_are_not_safe_to_repeat_have_an_unknown_outcome() -> None:
    rows = [line.split(" | ") for line in outcome_table().splitlines()[2:]]
    assert len(rows) == 15
    assert not [row for row in rows if "OutcomeUnknown" in row[1]]
    assert [row for row in rows if "OutcomeUnknown" in row[2]]


def test_a_table_with_a_long_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="121 characters"):
        markdown.table(("one",), [("x" * 121,)])


def test_only_the_marked_section_of_a_page_is_replaced() -> None:
    page = "before\n<!-- a -->\nold\n<!-- /a -->\nafter <!-- b -->\n"
    assert markdown.replace_section(page, "a", "new\n") == "before\n<!-- a -->\nnew\n<!-- /a -->\nafter <!-- b -->\n"


@pytest.mark.parametrize(
    "page", ["", "<!-- a -->\n", "<!-- /a -->\n<!-- a -->\n", "<!-- a -->\n<!-- a -->\n<!-- /a -->"]
)
def test_a_page_without_its_markers_is_refused(page: str) -> None:
    with pytest.raises(markdown.MarkerError, match="exactly once"):
        markdown.replace_section(page, "a", "new\n")


def test_every_setting_is_explained_once() -> None:
    page = (functions.ROOT / "docs" / "operators.md").read_text()
    assert len(list(all_settings())) > 50
    for setting in all_settings():
        assert page.count(f"| `{setting.variable}` |") == 1
        assert setting.meaning.endswith(".")


def test_a_setting_without_a_description_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "class_docstrings", lambda path, name: {"flow_id": "ID of the flow."})
    with pytest.raises(LookupError, match="exec_id"):
        list(all_settings())


def test_defaults_have_units() -> None:
    shown = {setting.variable: setting.shown_default for setting in all_settings() if setting.default is not None}
    assert shown["ELASTICIO_REBOUND_INITIAL_EXPIRATION"] == "15,000 ms"
    assert shown["ELASTICIO_OUTGOING_MESSAGE_SIZE_LIMIT"] == "10,485,760 bytes"
    assert shown["ELASTICIO_AMQP_PUBLISH_RETRY_ATTEMPTS"] == "unlimited"
    assert shown["ELASTICIO_HOOK_SHUTDOWN"] == "false"
    assert shown["ELASTICIO_COMPONENT_PATH"] == ""


def test_log_lines_are_read_with_their_level(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('log.info("%s of %.1f s", a, b)\nlog.warning(text)\nlog.critical("down: %r", e)\n')
    assert list(source.log_lines(tmp_path)) == [
        source.LogLine("fatal", "down: …"),
        source.LogLine("info", "… of … s"),
    ]


def test_the_readme_counts_the_functions() -> None:
    readme = (functions.ROOT / "README.md").read_text()
    words = {3: "three", 4: "four", 5: "five", 6: "six"}
    assert f"{len(ACTIONS)} actions and {words[len(functions.triggers())]} triggers" in readme


@pytest.mark.parametrize("flow", sorted((functions.ROOT / "examples").glob("*.flow.json")), ids=lambda path: path.name)
def test_every_recipe_is_documented_with_a_picture_of_its_steps(flow: Path) -> None:
    page = (functions.ROOT / "docs" / "recipes.md").read_text()
    name = flow.name.removesuffix(".flow.json")
    assert f"[{flow.name}](../examples/{flow.name})" in page
    assert f"(recipes/{name}.svg)" in page
    picture = (functions.ROOT / "docs" / "recipes" / f"{name}.svg").read_text()
    described = json.loads(flow.read_text())
    assert all(f">{step['id']}</text>" in picture for step in described["steps"])
    assert picture.count("marker-end") == len(described["edges"])


def test_a_picture_has_branches_side_by_side(tmp_path: Path) -> None:
    steps = [{"id": name, "component": "builtin", "function": "console"} for name in ("b", "c", "d")]
    begin = {"id": "a", "component": "builtin", "function": "start"}
    edges = [
        {"from": "a", "to": "b", "condition": "body.x < 1"},
        {"from": "a", "to": "c"},
        {"from": "b", "to": "d", "mapping": {"one": "1", "two": "2"}},
    ]
    file = tmp_path / "x.flow.json"
    file.write_text(json.dumps({"name": "X", "steps": [begin, *steps], "edges": edges}))
    picture = flow_picture(file)
    places = [(int(x), int(y)) for x, y in re.findall(r'<rect x="(\d+)" y="(\d+)"', picture)]
    begin_at, b, c, d = places
    assert begin_at[1] < b[1] == c[1] < d[1]
    assert begin_at[0] == b[0] == d[0] < c[0]
    assert "if body.x &lt; 1" in picture
    assert "one, two" in picture
