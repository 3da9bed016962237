"""The object storage, against a real HTTP server."""

from typing import Any

import pytest
from elasticio import MessageError, PlatformError, __version__
from elasticio.platform.object_storage import ObjectStorage

from services.fake_platform import TOKEN, FakePlatform, Response, fake_platform

pytestmark = pytest.mark.usefixtures("pauses")


class TestObjectStorage:
    def test_an_object_is_stored_read_and_deleted(self, platform: FakePlatform, storage: ObjectStorage) -> None:
        object_id = storage.put(b"\x00\xffbytes")
        assert storage.get(object_id) == b"\x00\xffbytes"
        storage.delete(object_id)
        assert platform.objects == {}
        assert [(request.method, request.target) for request in platform.requests] == [
            ("POST", "/objects"),
            ("GET", f"/objects/{object_id}"),
            ("DELETE", f"/objects/{object_id}"),
        ]

    def test_the_headers_of_a_request(self, platform: FakePlatform, storage: ObjectStorage) -> None:
        storage.put(b"{}")
        storage.put(b"{}", "audio/wav")
        plain, audio = (request.headers for request in platform.requests)
        assert plain["authorization"] == f"Bearer {TOKEN}"
        assert plain["x-request-id"] == "f:flow-1;s:step_2;m:message-3"
        assert plain["content-type"] == "application/json"
        assert plain["content-length"] == "2"
        assert plain["user-agent"] == f"elasticio-sdk/{__version__}"
        assert audio["content-type"] == "audio/wav"

    def test_a_base_address_may_end_with_a_slash(self, platform: FakePlatform) -> None:
        storage = ObjectStorage(platform.uri + "/", TOKEN)
        assert storage.get(storage.put(b"x")) == b"x"
        assert "x-request-id" not in platform.requests[0].headers

    def test_an_id_cannot_change_the_path(self, platform: FakePlatform, storage: ObjectStorage) -> None:
        with pytest.raises(PlatformError):
            storage.get("../v1/accounts?x=1#y")
        assert platform.requests[0].target == "/objects/..%2Fv1%2Faccounts%3Fx%3D1%23y"

    @pytest.mark.parametrize("object_id", ["", ".", "..", 7, True, None, [], {}, "\ud83d"])
    def test_an_invalid_id_is_not_requested(
        self, platform: FakePlatform, storage: ObjectStorage, object_id: Any
    ) -> None:
        with pytest.raises(MessageError, match="Invalid object ID"):
            storage.get(object_id)
        assert platform.requests == []

    def test_the_error_of_a_missing_object_has_status_404(self, platform: FakePlatform, storage: ObjectStorage) -> None:
        with pytest.raises(PlatformError, match="returned 404") as caught:
            storage.get("nothing")
        assert caught.value.status == 404
        assert len(platform.requests) == 1

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_a_server_error_is_repeated_twice(
        self, platform: FakePlatform, storage: ObjectStorage, pauses: list[float], status: int
    ) -> None:
        platform.fail(2, status)
        object_id = storage.put(b"x")
        assert platform.objects[object_id].body == b"x"
        assert [request.body for request in platform.requests] == [b"x"] * 3
        assert 0.1 <= pauses[0] <= 0.12
        assert 0.2 <= pauses[1] <= 0.24

    def test_a_lost_connection_is_repeated(self, platform: FakePlatform, storage: ObjectStorage) -> None:
        object_id = storage.put(b"x")
        platform.drop(2)
        assert storage.get(object_id) == b"x"
        assert len(platform.asked("GET", "/objects")) == 3

    def test_a_body_that_broke_off_is_repeated(self, platform: FakePlatform, storage: ObjectStorage) -> None:
        object_id = storage.put(b"whole")
        platform.answer(Response(body=b"who", headers={"content-length": "5"}))
        assert storage.get(object_id) == b"whole"

    def test_the_third_failure_is_the_last(self, platform: FakePlatform, storage: ObjectStorage) -> None:
        platform.fail(3)
        with pytest.raises(PlatformError, match="POST at the object storage returned 500") as caught:
            storage.put(b"x")
        assert caught.value.status == 500
        assert len(platform.requests) == 3

    def test_an_unavailable_storage(self, pauses: list[float]) -> None:
        with fake_platform() as gone:
            storage = ObjectStorage(gone.uri, TOKEN)
        with pytest.raises(PlatformError, match="no response") as caught:
            storage.get("x")
        assert caught.value.status is None
        assert str(caught.value).endswith(f". ELASTICIO_OBJECT_STORAGE_URI is {gone.uri}.")
        assert TOKEN not in str(caught.value)
        assert len(pauses) == 2

    @pytest.mark.parametrize("call", ["get", "open", "delete"])
    def test_a_refused_token_names_its_variable(self, platform: FakePlatform, call: str) -> None:
        with pytest.raises(PlatformError, match=r"returned 401\. Check ELASTICIO_OBJECT_STORAGE_TOKEN\.$") as caught:
            getattr(ObjectStorage(platform.uri, "a wrong token"), call)("x")
        assert caught.value.status == 401
        assert "wrong" not in str(caught.value)

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_redirect_is_not_followed(self, platform: FakePlatform, storage: ObjectStorage, status: int) -> None:
        platform.pages["/elsewhere"] = Response(body=b"trap")
        platform.answer(Response(status, headers={"location": f"{platform.uri}/elsewhere"}))
        with pytest.raises(PlatformError, match=str(status)):
            storage.get("x")
        assert platform.asked("GET", "/elsewhere") == []

    @pytest.mark.parametrize(
        ("response", "fault"),
        [
            (Response(body=b"no json"), "data that is not JSON"),
            (Response.of_json({}), "no objectId"),
            (Response.of_json([1]), "no objectId"),
        ],
    )
    def test_a_response_without_an_id_is_an_error(
        self, platform: FakePlatform, storage: ObjectStorage, response: Response, fault: str
    ) -> None:
        platform.answer(response)
        with pytest.raises(PlatformError, match=rf"^POST at the object storage returned {fault}"):
            storage.put(b"x")

    def test_a_login_of_netrc_does_not_replace_the_token(
        self, platform: FakePlatform, storage: ObjectStorage, netrc: None
    ) -> None:
        assert storage.get(storage.put(b"x")) == b"x"
