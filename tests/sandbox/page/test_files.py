"""The files of the page and its requests, without a browser"""

import re
from pathlib import Path
from urllib.parse import urljoin

import callfire_sandbox.page.files
import pytest
from callfire_sandbox.page.routes import play

from tests.sandbox.conftest import LEASED, OTHER_PHONE, PHONE, Client

STATIC = callfire_sandbox.page.files.STATIC
FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
MAX_LINES = 350


@pytest.fixture
def root(client: Client) -> str:
    return client.callfire.admin_url.removesuffix("sandbox")


def test_the_policy_allows_only_files_of_the_sandbox(client: Client, root: str) -> None:
    policy = client.get(root).headers["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert set(directives.values()) == {"'none'", "'self'"}


def test_every_file_that_the_page_names_is_served(client: Client, root: str) -> None:
    html = client.get(root).text
    named = re.findall(r'(?:src|href)="(page/[^"]+)"', html)
    assert len(named) > 5
    for name in named:
        assert client.get(root + name).ok, name
    for script in STATIC.rglob("*.js"):
        url = f"{root}page/{script.relative_to(STATIC).as_posix()}"
        for name in re.findall(r'from "([^"]+)"', script.read_text()):
            assert client.get(urljoin(url, name)).headers["Content-Type"].startswith("text/javascript"), name


def test_nothing_else_is_served(client: Client, root: str) -> None:
    for path in ("page/", "page/files.py", "page/../reads.py", "page/%2e%2e/reads.py", "page/script/none.js"):
        assert client.get(root + path).status_code == 404, path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_short_plain_and_local(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MAX_LINES
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    if path.suffix == ".html":
        assert not re.search(r"\son\w+=|\sstyle=|<script>|<style>", text)
    addresses = set(re.findall(r"https?://[\w.]+", text))
    assert addresses <= {"http://www.w3.org", "http://127.0.0.1"}


def test_conversations_are_read_in_pages(client: Client, root: str) -> None:
    for number in range(5):
        client.inbound(f"text {number}")
    client.text("elsewhere", OTHER_PHONE)
    page = client.get(f"{root}sandbox/page/conversation?number={PHONE}&limit=2").json()
    assert [text["message"] for text in page["items"]] == ["text 3", "text 4"]
    assert (page["more"], page["total"], page["accountNumber"], page["blocked"]) == (True, 5, LEASED, False)
    before = page["items"][0]["id"]
    page = client.get(f"{root}sandbox/page/conversation?number={PHONE}&limit=9&before={before}").json()
    assert [text["message"] for text in page["items"]] == ["text 0", "text 1", "text 2"]
    assert page["more"] is False
    found = client.get(f"{root}sandbox/page/conversations?limit=1").json()
    assert [entry["number"] for entry in found["items"]] == [OTHER_PHONE]
    assert found["more"] is True


def test_a_wrong_query_is_explained(client: Client, root: str) -> None:
    for query, wrong in {"conversations?only=x": "only", "calls?limit=x": "limit", "media?before=-1": "before"}.items():
        answer = client.get(f"{root}sandbox/page/{query}")
        assert answer.status_code == 400
        assert answer.json()["message"].startswith(f"{wrong}: the value must be")


def test_a_recording_is_sent_in_parts(client: Client, root: str) -> None:
    client.admin("POST", "/calls", {"fromNumber": PHONE, "toNumber": LEASED, "recordingSeconds": 1})
    number = client.get("/calls").json()["items"][0]["records"][0]["recordings"][0]["id"]
    url = f"{root}sandbox/page/recordings/{number}.mp3"
    whole = client.get(url)
    part = client.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    assert client.get(f"{root}sandbox/page/recordings/1.mp3").status_code == 404


@pytest.mark.parametrize("wanted", ["bytes=19-10", "bytes=99-", "bytes=-5", "pages=1-2", ""])
def test_a_file_is_sent_whole_for_an_invalid_range(wanted: str) -> None:
    response = play(b"x" * 50, wanted)
    assert (response.status_code, response.body) == (200, b"x" * 50)


@pytest.mark.parametrize(
    ("wanted", "size"), [("bytes=0-0", 1), ("bytes=49-", 1), ("bytes=40-999", 10), ("bytes=0-", 50)]
)
def test_a_range_ends_with_the_file(wanted: str, size: int) -> None:
    response = play(b"x" * 50, wanted)
    assert (response.status_code, len(response.body)) == (206, size)


def test_large_ids_are_text(client: Client, root: str) -> None:
    client.switch(ids="large")
    client.inbound("hello")
    assert isinstance(client.get(f"{root}sandbox/page/conversations").json()["items"][0]["last"]["id"], str)
