"""A morning at a restaurant: content for pictures of the sandbox's page."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import requests
from callfire_sandbox.server import Running

MORNING = 1_773_334_800_000
"""Thursday, March 12, 2026, 10:00 in Los Angeles."""
NUMBER = "12135550100"
ANN, BEN, CLEO, DAN, EVE, FAY = (f"1213555{line:04d}" for line in (177, 142, 118, 165, 190, 133))
MINUTE = 60_000


class Restaurant:
    """Texts and calls of the restaurant, as API and admin requests to a sandbox."""

    def __init__(self, callfire: Running, hook: str, guests: int) -> None:
        self._callfire = callfire
        self._hook = hook
        self._guests = guests
        self._session = requests.Session()
        self._session.auth = (callfire.username, callfire.password)

    def api(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Send a request to the API; return the JSON of its response, or None."""
        answer = self._session.request(method, self._callfire.url + path, json=body, timeout=30, **options)
        return answer.json() if answer.content else None

    def admin(self, method: str, path: str, body: Any) -> None:
        """Send a request to the admin API."""
        requests.request(method, self._callfire.admin_url + path, json=body, timeout=30).raise_for_status()

    def receive(self, phone: str, message: str, **more: Any) -> None:
        """Receive a text, a minute after the last one."""
        self.wait(1)
        self.admin("POST", "/texts", {"fromNumber": phone, "toNumber": NUMBER, "message": message, **more})

    def send(self, phone: str, message: str) -> None:
        """Send a text, and let it arrive."""
        self.api("POST", "/texts", [{"phoneNumber": phone, "fromNumber": NUMBER, "message": message}])
        self.wait(1)

    def wait(self, minutes: int) -> None:
        """Advance the clock."""
        self.admin("POST", "/clock", {"advance": minutes * MINUTE})

    def open_for_business(self) -> None:
        """Subscribe to events, and send a broadcast."""
        for resource, path in (("InboundText", "/texts"), ("OutboundText", "/sent"), ("InboundCall", "/calls")):
            body = {"name": f"Restaurant {path}", "resource": resource, "callback": self._hook + path, "enabled": True}
            self.api("POST", "/webhooks", body)
        guests = [{"phoneNumber": f"121355520{line:02d}"} for line in range(self._guests)]
        offer = {
            "name": "Lunch menu, March",
            "message": "New on the menu: ramen, every day from 11:30.",
            "recipients": guests,
        }
        self.api("POST", "/texts/broadcasts?start=true", offer)
        self.wait(12)

    def answer_guests(self) -> None:
        """Talk to guests, with a text that fails and one that opts out."""
        self.receive(EVE, "Do you have gluten-free bread?")
        self.send(EVE, "Yes, baked here every morning.")
        self.receive(FAY, "STOP")
        self.admin("PUT", f"/outcomes/{DAN}", {"finalTextResult": "CARRIER_ERROR"})
        self.receive(DAN, "Is the table at the window free tonight?")
        self.send(DAN, "It is. Shall we keep it for you?")
        self.receive(CLEO, "Running 10 minutes late, sorry!")
        self.send(CLEO, "No problem, your table is safe.")
        self.receive(BEN, "Can we bring our dog?")
        self.send(BEN, "Of course. There is water for him on the terrace.")
        self.receive(ANN, "Hi! Is there a table for four at 7 pm?")
        self.send(ANN, "Hi Ann, yes. Inside or on the terrace?")

    def send_a_picture(self) -> None:
        """Exchange a picture message with one guest."""
        picture = {"file": ("terrace.png", sunset(320, 180), "image/png")}
        number = self.api("POST", "/media", files=picture, data={"name": "Terrace"})["id"]
        text = {
            "phoneNumber": ANN,
            "fromNumber": NUMBER,
            "message": "This is the terrace at 7.",
            "media": [{"id": number}],
        }
        self.api("POST", "/texts", [text])
        self.wait(1)
        self.receive(ANN, "Beautiful! Terrace then, please.")
        self.send(ANN, "Your table is reserved: tonight, 7 pm, terrace, four people. See you soon!")

    def take_calls(self) -> None:
        """Receive calls with recordings, and place two."""
        self.admin("POST", "/calls", {"fromNumber": BEN, "toNumber": NUMBER, "result": "LA", "recordingSeconds": 42})
        self.admin("POST", "/calls", {"fromNumber": EVE, "toNumber": NUMBER, "result": "AM", "recordingSeconds": 12})
        self.admin("PUT", f"/outcomes/{DAN}", {"finalTextResult": "CARRIER_ERROR", "finalCallResult": "BUSY"})
        for guest in (CLEO, DAN):
            self.api("POST", "/calls", [{"phoneNumber": guest, "liveMessage": "Your table is ready."}])
        self.wait(1)

    def remind_guests(self) -> None:
        """Start a call broadcast that is still running, and prepare a text broadcast."""
        guests = [{"phoneNumber": f"121355521{line:02d}"} for line in range(self._guests)]
        sounds = {"liveSoundText": "This is a reminder of your reservation."}
        body = {"name": "Reminders for tonight", "sounds": sounds, "recipients": guests, "maxActive": 2}
        self.api("POST", "/calls/broadcasts?start=true", body)
        self.admin("POST", "/clock", {"advance": 700})
        draft = {"name": "Easter brunch", "message": "Book your Easter brunch.", "recipients": guests[:4]}
        self.api("POST", "/texts/broadcasts", draft)

    def break_something(self) -> None:
        """Inject faults; one has hit a request already. Change two switches."""
        self.admin("POST", "/faults", {"effect": "status", "status": 503, "operation": "findTexts", "next": 1})
        self.api("GET", "/texts?limit=10")
        self.admin("POST", "/faults", {"effect": "delay", "milliseconds": 5000, "operation": "sendTexts", "every": 10})
        self.admin("PATCH", "/switches", {"rate_limit": 50, "webhook_duplicates": 0.1})


@contextmanager
def fill(callfire: Running, guests: int = 40) -> Iterator[None]:
    """Fill a sandbox whose clock stands still, with broadcasts to `guests` phones.

    The server of its webhooks runs until the block ends.
    """
    with _webhook_server() as hook:
        restaurant = Restaurant(callfire, hook, guests)
        restaurant.open_for_business()
        restaurant.answer_guests()
        restaurant.take_calls()
        restaurant.send_a_picture()
        restaurant.remind_guests()
        restaurant.break_something()
        yield


@contextmanager
def _webhook_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Hook(BaseHTTPRequestHandler):
    """Accepts texts and calls, and refuses one kind of event: pictures show both colors."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500 if self.path == "/calls" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        pass


def sunset(width: int, height: int) -> bytes:
    """Return a PNG file: a sky from blue to orange, and a sun."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)  # the filter of a row: none
        share = y / height
        for x in range(width):
            near = (x - width * 0.68) ** 2 + (y - height * 0.62) ** 2 < (height * 0.13) ** 2
            sky = (int(70 + 185 * share), int(95 + 75 * share), int(190 - 100 * share))
            ground = y > height * 0.78
            rows += bytes((255, 236, 170) if near and not ground else (46, 62, 92) if ground else sky)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(bytes(rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
