"""The designer's order of the functions, and the sections of the documentation that their help links to."""

import json
import re
from typing import Any

import pytest

from tools import build, function_order, functions, markdown
from tools.component import DOCS_SITE, component
from tools.group_pages import group_of

COMPONENT: dict[str, Any] = json.loads((build.ROOT / "component.json").read_text())
IDS = {function.id for function in (*functions.triggers(), *functions.actions())}


def listed(kind: str) -> list[str]:
    """Return the titles in the designer's order."""
    entries = COMPONENT[kind].values()
    return [entry["title"] for entry in sorted(entries, key=lambda entry: -int(entry["order"]))]


def test_every_function_has_one_place() -> None:
    names = [*function_order.TRIGGERS, *function_order.ACTIONS]
    assert len(names) == len(set(names))
    assert set(names) == IDS


def test_a_function_without_a_place_is_an_error() -> None:
    with pytest.raises(LookupError, match="otherAction: the function has no place"):
        function_order.place("otherAction")


def test_the_most_used_functions_are_first_and_the_deprecated_last() -> None:
    assert [title for title in listed("triggers") if title.startswith("Get New Inbound")] == listed("triggers")[:2]
    actions = listed("actions")
    assert actions[:2] == ["Send Texts (SMS)", "Send Calls"]
    assert actions.index("Send Calls") < actions.index("Lookup Texts") < actions.index("Create Contacts")
    assert actions[-1] == "Send Calls (API 1.1)"


def test_orders_leave_gaps() -> None:
    assert list(function_order.orders(["sendTexts", "sendCalls", "sendCallV1"])) == [20, 10, 0]


@pytest.mark.parametrize("name", sorted(IDS))
def test_the_help_leads_to_the_section_of_the_function(name: str) -> None:
    function = (COMPONENT["triggers"] | COMPONENT["actions"])[name]
    page, _, anchor = function["help"]["link"].removeprefix(f"{DOCS_SITE}/").partition(".html#")
    text = (build.ROOT / "docs" / f"{page}.md").read_text()
    headings = {markdown.anchor(title): title for title in re.findall(r"(?m)^#+ (.+)$", text)}
    assert len(headings) == len(re.findall(r"(?m)^#+ ", text)) or page == "triggers"
    assert headings[anchor] == function["title"]
    section = " ".join(text.split(f"## {function['title']}\n")[1].split("\n## ")[0].split())
    assert function["description"] == function["help"]["description"]
    assert function["description"] in section
    assert f"`{name}`" in section


def test_a_link_follows_the_title() -> None:
    found = component([], functions.actions()[:1])["actions"]
    (entry,) = found.values()
    page = f"{DOCS_SITE}/actions/{markdown.anchor(group_of(functions.actions()[0].id))}.html"
    assert entry["help"]["link"] == f"{page}#{markdown.anchor(entry['title'])}"
