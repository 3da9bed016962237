"""SendCall of API 1.1: the envelope, the response and the faults."""

import subprocess
import sys
import traceback
from typing import Any

import pytest
from elasticio import Rebound
from lxml import etree  # type: ignore[import-untyped]

from lib.callfire import soap
from lib.callfire.api.errors import InvalidInput, NotAllowed, NotAuthenticated, OutcomeUnknown, Rejected
from tests.lib.recording import RESET, Recorder, Reply
from tests.lib.steps import bodies, config_for

ACTION = "actions.send_call_v1"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
SERVICE = "http://api.callfire.com/service/xsd"
DATA = "http://api.callfire.com/data"
VOICE = {"toNumber": "12132000384", "voiceBroadcastConfig": {"liveSoundText": "Hi"}}


def answer(content: str, status: int = 200) -> Reply:
    body = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{content}</s:Body></s:Envelope>'
    return Reply(status, body.encode(), {"Content-Type": "application/soap+xml; charset=utf-8"})


CREATED = answer(f'<CreatedId xmlns="{SERVICE}">7420017300281076001</CreatedId>')


def fault(code: str, message: str = "no") -> Reply:
    detail = (
        f'<f:ServiceFaultInfo xmlns:f="{SERVICE}"><f:FaultCode>{code}</f:FaultCode><f:Message>{message}</f:Message>'
    )
    return answer(
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang='en'>x</s:Text></s:Reason>"
        f"<s:Detail>{detail}</f:ServiceFaultInfo></s:Detail></s:Fault>",
        500,
    )


def tree(element: Any) -> Any:
    """Return an element as (name, attributes, text or children), with namespaces."""
    return element.tag, dict(element.attrib), [tree(child) for child in element] or element.text


def service(name: str, content: Any, **attributes: str) -> Any:
    return f"{{{SERVICE}}}{name}", attributes, content


def data(name: str, content: Any) -> Any:
    return f"{{{DATA}}}{name}", {}, content


FULL_VOICE: dict[str, Any] = {
    "requestId": "order-17",
    "broadcastName": "Grüße <&>",
    "toNumber": [{"number": "12132000384", "clientData": "c", "attributes": {"Order": 5}}, "12132000385"],
    "scrubBroadcastDuplicates": "true",
    "label": ["a", "b"],
    "maxActive": "3",
    "voiceBroadcastConfig": {
        "dncDigit": "9",
        "liveSoundId": 7420017300281076000,
        "machineSoundText": "Beep",
        "machineSoundTextVoice": "FEMALE1",
        "answeringMachineConfig": "AM_AND_LIVE",
        "fromNumber": "12132000386",
        "localTimeZoneRestriction": {"beginTime": "09:00", "endTime": "18:30:00"},
        "retryConfig": {"retryResults": ["BUSY", "NO_ANS"], "maxAttempts": 2},
    },
}
FULL_VOICE_ON_THE_WIRE = service(
    "SendCall",
    [
        service("RequestId", "order-17"),
        service("Type", "VOICE"),
        service("BroadcastName", "Grüße <&>"),
        service("ToNumber", "12132000384", ClientData="c", Order="5"),
        service("ToNumber", "12132000385"),
        service("ScrubBroadcastDuplicates", "true"),
        service("Label", "a"),
        service("Label", "b"),
        service("MaxActive", "3"),
        data(
            "VoiceBroadcastConfig",
            [
                data("FromNumber", "12132000386"),
                data("LocalTimeZoneRestriction", [data("BeginTime", "09:00:00"), data("EndTime", "18:30:00")]),
                data("RetryConfig", [data("MaxAttempts", "2"), data("RetryResults", "BUSY NO_ANS")]),
                data("AnsweringMachineConfig", "AM_AND_LIVE"),
                data("LiveSoundId", "7420017300281076000"),
                data("MachineSoundText", "Beep"),
                data("MachineSoundTextVoice", "FEMALE1"),
                data("DncDigit", "9"),
            ],
        ),
    ],
)


def test_a_voice_broadcast_has_the_expected_envelope(server: Recorder) -> None:
    server.default = CREATED
    assert bodies(ACTION, FULL_VOICE, config_for(server.url + "/v2")) == [{"id": "7420017300281076001"}]
    (request,) = server.received
    assert (request.method, request.path) == ("POST", "/api/1.1/soap12/call")
    assert request.headers["authorization"].startswith("Basic ")
    assert request.headers["content-type"] == (
        'application/soap+xml; charset=utf-8; action="http://api.callfire.com/service/wsdl/CallServicePortType/SendCall"'
    )
    (sent,) = etree.fromstring(request.body).find(f"{{{SOAP}}}Body")

    assert tree(sent) == FULL_VOICE_ON_THE_WIRE


def test_an_ivr_broadcast_contains_its_dialplan(server: Recorder) -> None:
    server.default = CREATED
    dialplan = '<dialplan name="x"><play type="tts">Hi</play></dialplan>'
    bodies(
        ACTION, {"toNumber": ["12132000384"], "ivrBroadcastConfig": {"dialplanXml": dialplan}}, config_for(server.url)
    )
    sent = etree.fromstring(server.received[0].body)
    assert sent.findtext(f".//{{{DATA}}}DialplanXml") == dialplan
    assert sent.findtext(f".//{{{SERVICE}}}Type") == "IVR"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"voiceBroadcastConfig": {}}, "toNumber: is required"),
        ({"toNumber": []}, "toNumber: must have at least 1 item"),
        ({"toNumber": [{}], "voiceBroadcastConfig": {}}, r"toNumber\[0\].number: is required"),
        ({"toNumber": "1"}, "exactly one of voiceBroadcastConfig and ivrBroadcastConfig is required"),
        ({**VOICE, "ivrBroadcastConfig": {"dialplanXml": "x"}}, "voiceBroadcastConfig: exactly one of"),
        ({**VOICE, "type": "IVR"}, "type: must be VOICE with voiceBroadcastConfig"),
        (
            {**VOICE, "voiceBroadcastConfig": {"dncSoundText": "x", "dncSoundId": 1}},
            "dncSoundText: must not be given with dncSoundId",
        ),
        ({**VOICE, "voiceBroadcastConfig": {"retryConfig": {}}}, "retryConfig.retryResults: is required"),
        (
            {**VOICE, "voiceBroadcastConfig": {"localTimeZoneRestriction": {"beginTime": "9"}}},
            "beginTime: must be a time of day",
        ),
        ({**VOICE, "broadcastName": "\x01"}, "control character"),
        ({**VOICE, "toNumber": {"number": "1", "attributes": {"a b": 1}}}, r"toNumber\[0\].attributes: names"),
    ],
)
def test_invalid_input_is_refused(body: Any, error: str, server: Recorder) -> None:
    with pytest.raises(InvalidInput, match=error):
        bodies(ACTION, body, config_for(server.url))
    assert server.received == []


@pytest.mark.parametrize(
    ("reply", "with_id", "without_id"),
    [
        (fault("BAD_REQUEST"), Rejected, Rejected),
        (fault("FORBIDDEN"), NotAllowed, NotAllowed),
        (fault("UNAVAILABLE"), Rebound, OutcomeUnknown),
        (answer("<x/>"), OutcomeUnknown, OutcomeUnknown),
        (Reply(500, b"oops"), OutcomeUnknown, OutcomeUnknown),
        (answer(""), OutcomeUnknown, OutcomeUnknown),
        (Reply(201, b"<x/>"), Rebound, OutcomeUnknown),
        (Reply(200, b"x", {"Content-Type": "multipart/related; boundary=x"}), OutcomeUnknown, OutcomeUnknown),
        (Reply(200, b"x", {"Content-Type": "multipart/related"}), OutcomeUnknown, OutcomeUnknown),
        (fault("UNAVAILABLE", "<?odd instruction?>"), Rebound, OutcomeUnknown),
        (Reply(503, b""), Rebound, OutcomeUnknown),
        (Reply(401, b""), NotAuthenticated, NotAuthenticated),
        (Reply(429, b""), Rebound, Rebound),
        (RESET, Rebound, OutcomeUnknown),
    ],
)
def test_faults(reply: Any, with_id: type, without_id: type, server: Recorder) -> None:
    server.default = reply
    with pytest.raises(with_id):
        bodies(ACTION, {**VOICE, "requestId": "r"}, config_for(server.url))
    with pytest.raises(without_id):
        bodies(ACTION, VOICE, config_for(server.url))


def test_a_fault_contains_callfires_text(server: Recorder) -> None:
    server.default = fault("BAD_REQUEST", "number 12132000384 is bad")
    with pytest.raises(
        Rejected,
        match=r"SendCall \(API 1.1\): CallFire refused the request: number …0384 is bad \(code BAD_REQUEST\)\.",
    ) as caught:
        bodies(ACTION, VOICE, config_for(server.url))
    assert "12132000384" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("code", ["BAD_REQUEST", "UNAVAILABLE", "s3cr3t-pass"])
def test_a_fault_shows_no_secret(code: str, server: Recorder) -> None:
    secrets = ("s3cr3t-pass", "bG9naW46czNjcjN0LXBhc3M=", "2132000384")
    server.default = fault(code, " and ".join(secrets) + " from login")
    for body in (VOICE, VOICE | {"requestId": "r"}):
        with pytest.raises((Rejected, OutcomeUnknown, Rebound)) as caught:
            bodies(ACTION, body, config_for(server.url))
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
        assert "*** and *** and …0384 from ***" in shown
        assert not [secret for secret in secrets if secret in shown]


def test_the_login_goes_to_callfire_or_to_the_server_of_the_credentials() -> None:
    assert soap.server_for("https://api.callfire.com/v2") == "https://www.callfire.com"
    assert soap.server_for("https://proxy.example:8443/callfire/v2") == "https://proxy.example:8443"


def test_zeep_is_loaded_only_when_the_action_runs() -> None:
    code = "import sys, lib.actions.send_call_v1, lib.actions.send_texts; sys.exit('zeep' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
