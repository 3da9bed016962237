"""What the actions of `elasticio new --from` send, and what they make of the responses."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from elasticio import Incoming, Message, Rebound
from elasticio.testing import FakeStep, MemoryAttachments
from elasticio_runner.new.templates.api import Api, ApiKey, BasicLogin, BearerToken, Operation, OutcomeUnknown
from elasticio_runner.new.templates.encoding import ApiError, Input

from tests.runner.stub_api import Stub, started

KEY = {"apiKey": "s3cret-key"}


@pytest.fixture(scope="module")
def running() -> Iterator[Stub]:
    with started() as stub:
        yield stub


@pytest.fixture
def stub(running: Stub) -> Stub:
    running.requests.clear()
    running.status, running.content, running.content_type = 200, b"{}", "application/json"
    return running


def api(stub: Stub, *logins: Any) -> Api:
    return Api(stub.url, {}, logins)


def process(
    operation: Operation, body: Any = None, *, redelivered: bool = False, config: Mapping[str, Any] | None = None
) -> Message:
    step = FakeStep(
        incoming=Incoming(thread_id="t", redelivered=redelivered),
        attachments=MemoryAttachments({"a.txt": (b"content", "text/plain")}),
    )
    message = Message(body=body or {}, attachments={"a.txt": {"url": "memory:a.txt"}})
    return operation.process(step, message, config or {}, None)


def query_of(stub: Stub) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(stub.requests[-1][1]).query, keep_blank_values=True)


def test_parameters_are_sent_in_their_places(stub: Stub) -> None:
    inputs = (
        Input("id", "path", required=True),
        Input("q", "query"),
        Input("trace", "header", sent_as="X-Trace"),
        Input("session", "cookie"),
    )
    operation = Operation(api(stub), "GET", "/things/{id}/parts?v=1", inputs)
    process(operation, {"id": "a/b ä", "q": "x&y", "trace": "tä b", "session": "s;1"})
    [(method, path, headers, _)] = stub.requests
    assert (method, path) == ("GET", "/things/a%2Fb%20%C3%A4/parts?v=1&q=x%26y")
    assert headers["X-Trace"] == "t%C3%A4 b"
    assert headers["Cookie"] == "session=s%3B1"


@pytest.mark.parametrize(
    ("style", "kind", "value", "expected"),
    [
        ("repeat", "list", ["a", 1], [("q", "a"), ("q", "1")]),
        ("repeat", "list", "a, b,", [("q", "a"), ("q", "b")]),
        ("comma", "list", ["a", True], [("q", "a,true")]),
        ("pipe", "list", ["a", "b"], [("q", "a|b")]),
        ("space", "list", ["a", "b"], [("q", "a b")]),
        ("tab", "list", ["a", "b"], [("q", "a\tb")]),
        ("deep", "json", {"a": 1, "b": "c"}, [("q[a]", "1"), ("q[b]", "c")]),
        ("deep", "list", ["a", 1], [("q", "a"), ("q", "1")]),
        ("repeat", "json", {"a": 1, "b": "c"}, [("a", "1"), ("b", "c")]),
        ("json", "json", {"a": [1]}, [("q", '{"a": [1]}')]),
        ("comma", "boolean", "TRUE", [("q", "true")]),
        ("comma", "number", " 12.5 ", [("q", "12.5")]),
        ("comma", "text", 0, [("q", "0")]),
        ("comma", "text", [1, "a"], [("q", "1,a")]),
        ("comma", "text", [[1], {"a": 2}], [("q", '1,{"a": 2}')]),
        ("json", "json", [{"a": 2}], [("q", '[{"a": 2}]')]),
        ("deep", "json", {"a": [{"b": 1}], "c": [1, 2]}, [("q[a]", '[{"b": 1}]'), ("q[c]", "1,2")]),
    ],
)
def test_a_query_has_the_style_of_its_parameter(
    style: Any, kind: Any, value: Any, expected: list[tuple[str, str]], stub: Stub
) -> None:
    process(Operation(api(stub), "GET", "/a", (Input("q", "query", kind=kind, style=style),)), {"q": value})
    assert query_of(stub) == expected


def test_a_json_body_has_the_names_and_types_of_the_api(stub: Stub) -> None:
    inputs = (
        Input("nameInBody", "body", sent_as="name"),
        Input("age", "body", kind="number"),
        Input("tags", "body", kind="list"),
        Input("owner", "body", kind="json", lists=(("codes",), ("pets", "tags"))),
        Input("none", "body"),
    )
    owner = {"codes": "a, b", "pets": [{"tags": "x"}, {"tags": ["y"]}, {}]}
    operation = Operation(api(stub), "POST", "/a", inputs, content_type="application/json")
    process(operation, {"nameInBody": "Ä", "age": "5", "tags": "p,q", "owner": owner, "none": None})
    [(_, _, headers, body)] = stub.requests
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {
        "name": "Ä",
        "age": 5,
        "tags": ["p", "q"],
        "owner": {"codes": ["a", "b"], "pets": [{"tags": ["x"]}, {"tags": ["y"]}, {}]},
    }


@pytest.mark.parametrize(
    ("content_type", "given", "kind", "expected"),
    [
        ("application/json", [{"a": 1}], "json", b'[{"a": 1}]'),
        ("text/plain", "Hello", "text", b"Hello"),
        ("application/xml", "<a/>", "text", b"<a/>"),
        ("application/octet-stream", "a.txt", "file", b"content"),
        ("application/x-www-form-urlencoded", {"a": "b c", "d": [1, 2]}, "json", b"a=b+c&d=1&d=2"),
    ],
)
def test_a_whole_body_is_sent_as_it_is(content_type: str, given: Any, kind: Any, expected: bytes, stub: Stub) -> None:
    inputs = (Input("body", "body", kind=kind),)
    operation = Operation(api(stub), "POST", "/a", inputs, content_type=content_type, whole_body="body")
    process(operation, {"body": given})
    assert stub.requests[0][3] == expected
    assert stub.requests[0][2]["Content-Type"] == content_type


def test_an_optional_body_may_be_missing(stub: Stub) -> None:
    inputs = (Input("body", "body"),)
    process(Operation(api(stub), "POST", "/a", inputs, content_type="application/json", whole_body="body"))
    assert stub.requests[0][3] == b""
    assert "Content-Type" not in stub.requests[0][2]


def test_a_form_with_files_is_multipart(stub: Stub) -> None:
    inputs = (Input("file", "body", kind="file"), Input('n"', "body", kind="list"))
    operation = Operation(api(stub), "POST", "/a", inputs, content_type="multipart/form-data")
    process(operation, {"file": "a.txt", 'n"': "x,y"})
    body, kind = stub.requests[0][3], stub.requests[0][2]["Content-Type"]
    boundary = kind.partition("boundary=")[2].encode()
    assert body.count(b"--" + boundary) == 4
    assert b'name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n' in body
    assert b'name="n%22"\r\n\r\nx\r\n' in body


def test_a_name_or_type_of_a_file_adds_no_header(stub: Stub) -> None:
    name = 'a"\r\nX-Name: 1\r\n\r\nb'
    inputs = (Input("file", "body", kind="file"), Input("n\r\nX-Key: 1", "body"))
    operation = Operation(api(stub), "POST", "/a", inputs, content_type="multipart/form-data")
    attachments = MemoryAttachments({name: (b"content", "text/plain\r\nX-Type: 1")})
    message = Message(body={"file": name, "n\r\nX-Key: 1": "x"}, attachments={name: {"url": f"memory:{name}"}})
    operation.process(FakeStep(attachments=attachments), message, {}, None)
    body = stub.requests[0][3]
    assert b'filename="a%22%0D%0AX-Name: 1%0D%0A%0D%0Ab"\r\nContent-Type: text/plainX-Type: 1\r\n\r\ncontent' in body
    assert b'name="n%0D%0AX-Key: 1"\r\n\r\nx\r\n' in body


@pytest.mark.parametrize(("given", "sent"), [("5", b"5"), ("-5", b"-5"), ("+5.0", b"5.0"), (" 7 ", b"7"), (7, b"7")])
def test_a_number_keeps_its_kind(given: Any, sent: bytes, stub: Stub) -> None:
    operation = Operation(
        api(stub), "POST", "/a", (Input("n", "body", kind="number"),), content_type="application/json"
    )
    process(operation, {"n": given})
    assert stub.requests[0][3] == b'{"n": %b}' % sent


@pytest.mark.parametrize(
    ("content_type", "sent"), [("application/json", b'"\xed\xa0\xbd"'), ("text/plain", b"\xed\xa0\xbd")]
)
def test_half_an_emoji_in_a_body_is_sent(content_type: str, sent: bytes, stub: Stub) -> None:
    operation = Operation(api(stub), "POST", "/a", (Input("b", "body"),), content_type=content_type, whole_body="b")
    process(operation, {"b": "\ud83d"})
    assert stub.requests[0][3] == sent


@pytest.mark.parametrize("place", ["path", "query", "header", "cookie"])
def test_half_an_emoji_in_a_parameter_is_sent(place: Any, stub: Stub) -> None:
    process(Operation(api(stub), "GET", "/a/{x}", (Input("x", place),)), {"x": "\ud83d"})
    [(_, path, headers, _)] = stub.requests
    assert "%ED%A0%BD" in f"{path} {headers.get('x')} {headers.get('Cookie')}"


@pytest.mark.parametrize(
    ("content_type", "sent"),
    [("application/x-www-form-urlencoded", b"x=%ED%A0%BD"), ("multipart/form-data", b"\r\n\r\n\xed\xa0\xbd\r\n")],
)
def test_half_an_emoji_in_a_form_is_sent(content_type: str, sent: bytes, stub: Stub) -> None:
    operation = Operation(api(stub), "POST", "/a", (Input("x", "body"),), content_type=content_type)
    process(operation, {"x": "\ud83d"})
    assert sent in stub.requests[0][3]


@pytest.mark.parametrize("given", ["{}", '{"tags": null}'])
def test_a_list_within_an_object_may_be_missing_or_null(given: str, stub: Stub) -> None:
    inputs = (Input("x", "body", kind="json", lists=(("tags",),)),)
    process(Operation(api(stub), "POST", "/a", inputs, content_type="application/json"), {"x": json.loads(given)})
    assert json.loads(stub.requests[0][3]) == {"x": json.loads(given)}


def test_spaces_in_a_query_are_percent_encoded_and_cookies_are_separated(stub: Stub) -> None:
    inputs = (Input("q", "query"), Input("a", "cookie"), Input("b", "cookie"))
    process(Operation(api(stub), "GET", "/a", inputs), {"q": "x y+z", "a": "1", "b": "2"})
    [(_, path, headers, _)] = stub.requests
    assert (path, headers["Cookie"]) == ("/a?q=x%20y%2Bz", "a=1; b=2")


def test_a_form_has_each_file_and_each_object_in_a_part(stub: Stub) -> None:
    inputs = (Input("files", "body", kind="files"), Input("meta", "body", kind="json"))
    operation = Operation(api(stub), "POST", "/a", inputs, content_type="multipart/form-data")
    process(operation, {"files": "a.txt, a.txt", "meta": {"x": 1}})
    body = stub.requests[0][3]
    assert body.count(b'name="files"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n') == 2
    assert b'name="meta"\r\nContent-Type: application/json\r\n\r\n{"x": 1}\r\n' in body


@pytest.mark.parametrize(
    ("login", "config", "name", "value"),
    [
        (ApiKey("apiKey", "header", "X-Key"), KEY, "X-Key", "s3cret-key"),
        (ApiKey("apiKey", "cookie", "key"), KEY, "Cookie", "key=s3cret-key"),
        (BasicLogin(), {"username": "ada", "password": "pä"}, "Authorization", "Basic YWRhOnDDpA=="),
        (BearerToken(), {"accessToken": " t0ken "}, "Authorization", "Bearer t0ken"),
    ],
)
def test_credentials_are_sent(login: Any, config: dict[str, str], name: str, value: str, stub: Stub) -> None:
    operation = Operation(api(stub, login), "GET", "/a")
    process(operation, config=config)
    process(operation)
    assert stub.requests[0][2][name] == value
    assert name not in stub.requests[1][2]


def test_keys_in_cookies_and_inputs_in_cookies_are_sent_together(stub: Stub) -> None:
    logins = (ApiKey("apiKey", "cookie", "key"), ApiKey("other", "cookie", "sid"))
    operation = Operation(api(stub, *logins), "GET", "/a", (Input("session", "cookie"),))
    process(operation, {"session": "1"}, config={**KEY, "other": "2"})
    assert stub.requests[0][2]["Cookie"] == "session=1; key=s3cret-key; sid=2"


def test_a_key_in_the_query_follows_the_parameters(stub: Stub) -> None:
    operation = Operation(api(stub, ApiKey("apiKey", "query", "key")), "GET", "/a", (Input("q", "query"),))
    process(operation, {"q": "x"}, config=KEY)
    assert query_of(stub) == [("q", "x"), ("key", "s3cret-key")]


@pytest.mark.parametrize(
    ("content", "content_type", "expected"),
    [
        (b'{"a": 1}', "application/json", {"a": 1}),
        (b"[1]", "application/hal+json; charset=utf-8", {"results": [1]}),
        (b"5", "application/json", {"result": 5}),
        (b"{", "application/json", {"result": "{"}),
        (b"", "application/json", {}),
        (b" \n", "application/json", {}),
        (b'{"a": 1}', "", {"a": 1}),
        (b"[" * 100_000, "application/json", {"result": "[" * 100_000}),
        (b"%PDF", "application/pdf; version=1", {"attachment": "file.pdf"}),
        (b"a,b", "text/csv", {"result": "a,b"}),
    ],
)
def test_a_response_becomes_a_message(content: bytes, content_type: str, expected: Any, stub: Stub) -> None:
    stub.content, stub.content_type = content, content_type
    assert process(Operation(api(stub), "GET", "/a")).body == expected


def test_a_file_becomes_an_attachment(stub: Stub) -> None:
    stub.content, stub.content_type = b"%PDF", "application/pdf"
    message = process(Operation(api(stub), "GET", "/a"))
    assert message.body == {"attachment": "file.pdf"}
    assert message.attachments["file.pdf"]["size"] == 4


@pytest.mark.parametrize(
    ("method", "status", "error"),
    [
        ("GET", 0, Rebound),
        ("POST", 0, OutcomeUnknown),
        ("PUT", 0, OutcomeUnknown),
        ("DELETE", 0, OutcomeUnknown),
        ("GET", 503, Rebound),
        ("POST", 503, OutcomeUnknown),
        ("GET", 408, Rebound),
        ("POST", 408, OutcomeUnknown),
        ("GET", 429, Rebound),
        ("POST", 429, Rebound),
    ],
)
def test_only_requests_without_effect_are_repeated(method: str, status: int, error: type, stub: Stub) -> None:
    stub.status = status
    with pytest.raises(error) as raised:
        process(Operation(api(stub), method, "/a/{b}"))
    assert str(raised.value).startswith(f"{method} /a/{{b}}: ")
    assert len(stub.requests) == 1
    if error is OutcomeUnknown:
        assert str(raised.value).endswith("Check the API before you send the message again.")


def test_a_request_that_was_not_sent_is_repeated() -> None:
    operation = Operation(Api("http://127.0.0.1:1", {}), "POST", "/a")
    with pytest.raises(Rebound):
        process(operation)


def test_a_redelivered_message_is_sent_again_only_if_it_is_safe(stub: Stub) -> None:
    with pytest.raises(OutcomeUnknown, match="this message was delivered before"):
        process(Operation(api(stub), "POST", "/a"), redelivered=True)
    assert stub.requests == []
    process(Operation(api(stub), "GET", "/a"), redelivered=True)
    process(Operation(api(stub), "PUT", "/a", repeatable=True), redelivered=True)
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "Correct the input."),
        (401, "Correct the credentials."),
        (403, "Check the permissions of the credentials."),
        (404, "Check the IDs in the input, and the field server."),
        (302, "The address has changed. Correct the field server."),
    ],
)
def test_an_error_has_the_reason_of_the_api_without_inputs_and_credentials(
    status: int, advice: str, stub: Stub
) -> None:
    stub.status = status
    stub.content = json.dumps({"errors": [{"message": "No pet Rosalind for\nkey s3cret-key."}]}).encode()
    operation = Operation(api(stub, ApiKey("apiKey", "header", "X-Key")), "GET", "/a", (Input("name", "query"),))
    with pytest.raises(ApiError) as raised:
        process(operation, {"name": "Rosalind"}, config=KEY)
    assert str(raised.value) == f"GET /a: status {status}: No pet *** for key ***. {advice}"


def test_an_error_is_short_and_masks_the_longest_input_first(stub: Stub) -> None:
    stub.status = 400
    stub.content = json.dumps({"message": f"No Anna Smith, Anna or Bo. {'x' * 1000}"}).encode()
    inputs = (Input("first", "query"), Input("name", "query"), Input("other", "query"))
    with pytest.raises(ApiError) as raised:
        process(Operation(api(stub), "GET", "/a", inputs), {"first": "Anna", "name": "Anna Smith", "other": "Bo"})
    assert "status 400: No ***, *** or Bo. xxx" in str(raised.value)
    assert str(raised.value).count("x") < 300


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"5", b'{"other": 1}', b"[" * 100_000])
def test_an_error_without_a_reason_has_the_status(content: bytes, stub: Stub) -> None:
    stub.status, stub.content = 400, content
    with pytest.raises(ApiError, match=r"^GET /a: status 400\. Correct the input\.$"):
        process(Operation(api(stub), "GET", "/a"))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "id: this input is required. Map a value to it."),
        ({"id": ""}, "id: this input is required."),
        ({"id": 1, "x": 1}, "x: this input is unknown. Use one of: id, n, b."),
        ({"id": 1, "n": "five"}, "n: the value is not a number. Use digits, for example 12.5."),
        ({"id": 1, "n": "12 dollars"}, "n: the value is not a number."),
        ({"id": 1, "n": "1.2.3"}, "n: the value is not a number."),
        ({"id": 1, "b": "yes"}, "b: the value is neither true nor false. Use one of them."),
        ([], "id: this input is required."),
    ],
)
def test_an_invalid_input_is_an_error_before_anything_is_sent(body: Any, told: str, stub: Stub) -> None:
    inputs = (
        Input("id", "path", required=True),
        Input("n", "query", kind="number"),
        Input("b", "query", kind="boolean"),
    )
    with pytest.raises(ApiError) as raised:
        process(Operation(api(stub), "POST", "/a/{id}", inputs), body)
    assert told in str(raised.value)
    assert stub.requests == []


@pytest.mark.parametrize(
    "server", ["ftp://a", "a.example.com", "https://", "https://a:99999", "https://{region}.example.com"]
)
def test_an_invalid_address_is_an_error(server: str) -> None:
    with pytest.raises(ApiError, match=r"server: the address is invalid\. Write an address"):
        process(Operation(Api("https://api.example.com", {}), "GET", "/a"), config={"server": server})


def test_a_key_with_line_breaks_is_an_error(stub: Stub) -> None:
    operation = Operation(api(stub, ApiKey("apiKey", "header", "X-Key")), "GET", "/a")
    with pytest.raises(ApiError, match="credentials: a value cannot be sent"):
        process(operation, config={"apiKey": "a\r\nX-Other: b"})
    assert stub.requests == []


def test_variables_of_the_address_are_fields() -> None:
    api_ = Api("https://{region}.example.com/{version}", {"region": "eu", "version": "v1"})
    assert api_.address({}) == "https://eu.example.com/v1"
    assert api_.address({"region": "us", "version": ""}) == "https://us.example.com/v1"


def test_credentials_are_verified(stub: Stub) -> None:
    verified = api(stub, ApiKey("apiKey", "header", "X-Key"))
    stub.status = 404
    assert verified.verify(KEY, "/me")
    assert stub.requests[0][2]["X-Key"] == "s3cret-key"
    stub.status, stub.content = 403, b'{"message": "Unknown key s3cret-key"}'
    with pytest.raises(ApiError) as raised:
        verified.verify(KEY, "/me")
    assert str(raised.value) == "credentials: the API refused them: Unknown key ***. Correct the credentials."
    with pytest.raises(ApiError, match="server: the API cannot be reached"):
        Api("http://127.0.0.1:1", {}).verify({}, "/me")
