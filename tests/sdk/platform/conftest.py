"""Fixtures: the object storage and attachments of a fake platform."""

from pathlib import Path
from typing import Any

import pytest
from elasticio import Message
from elasticio.platform.api import PlatformApi
from elasticio.platform.attachments import Attachments
from elasticio.platform.egress import EgressPolicy
from elasticio.platform.object_storage import ObjectStorage

from services.fake_platform import API_KEY, TOKEN, USERNAME, FakePlatform

LOOPBACK = EgressPolicy.parse("127.0.0.0/8, localhost")


def carrying(url: str, **facts: Any) -> Message:
    """Return a message with the attachment tone.wav."""
    return Message(attachments={"tone.wav": {"url": url, **facts}})


@pytest.fixture
def storage(platform: FakePlatform) -> ObjectStorage:
    return ObjectStorage(platform.uri, TOKEN, "f:flow-1;s:step_2;m:message-3")


@pytest.fixture
def attachments(storage: ObjectStorage) -> Attachments:
    return Attachments(storage, None, LOOPBACK)


@pytest.fixture
def signed(platform: FakePlatform) -> Attachments:
    """The attachments of a platform without an object storage."""
    return Attachments(None, PlatformApi(platform.uri, USERNAME, API_KEY, delay=0), LOOPBACK)


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A netrc file with a login for every host of the tests."""
    (tmp_path / "netrc").write_text(
        "machine 127.0.0.1 login stranger password secret\nmachine localhost login stranger password secret\n"
    )
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
