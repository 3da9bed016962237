"""Conversations on the page: sending as the phone and as the account, selecting, reading during traffic"""

from playwright.sync_api import Page, expect

from tests.sandbox.conftest import LEASED, OTHER_PHONE, PHONE, Client
from tests.sandbox.page.conftest import Opened

BUBBLES = "#bubbles .bubble-row"


def write(page: Page, message: str, *, phone: str | None = None, account: bool = False) -> None:
    if phone:
        page.get_by_label("Phone", exact=True).locator("visible=true").fill(phone)
    page.get_by_text("Send as account" if account else "Send as phone", exact=True).click()
    page.get_by_label("Message", exact=True).locator("visible=true").fill(message)
    page.get_by_role("button", name="Send", exact=True).click()


def scroll_top(page: Page) -> float:
    return float(page.locator("#bubbles").evaluate("box => box.scrollTop"))


def fill(client: Client, total: int, sender: str = PHONE) -> None:
    texts = [{"fromNumber": sender, "toNumber": LEASED, "message": f"text {number}"} for number in range(total)]
    client.admin("POST", "/texts", texts)


def test_a_text_as_the_phone_is_received_and_shown_as_text(page: Page, client: Client) -> None:
    write(page, "<b>hello</b> & good day", phone=OTHER_PHONE)
    expect(page.locator(f"{BUBBLES}.in .bubble")).to_have_text("<b>hello</b> & good day")
    expect(page.locator("#conversation-list [aria-current]")).to_have_attribute("data-number", OTHER_PHONE)
    expect(page.locator("#composer-message")).to_have_value("")
    assert client.get("/texts").json()["items"][0]["fromNumber"] == OTHER_PHONE


def test_a_text_as_the_account_goes_through_the_api(page: Page, client: Client) -> None:
    write(page, "Your table is ready.", account=True)
    bubble = page.locator(f"{BUBBLES}.out")
    expect(bubble).to_contain_text("Sending")
    expect(page.locator("#credits")).to_have_text("999,999 credits")
    client.advance(1000)
    expect(bubble.locator(".result")).to_have_text("Sent")
    assert client.admin("GET", f"/received?number={PHONE}")[0]["textCount"] == 1
    assert client.admin("GET", "/requests")[0]["path"] == "/texts"


def test_a_wrong_number_and_an_empty_message_are_explained(page: Page) -> None:
    write(page, "x", phone="12")
    expect(page.locator("#composer .problem")).to_contain_text("phone numbers")
    write(page, " ", phone=PHONE)
    expect(page.locator("#composer .problem")).to_contain_text("Message: the message is empty.")


def test_selecting_a_conversation_sets_both_numbers(page: Page, client: Client) -> None:
    found = client.get("/numbers/local?limit=1&prefix=1415").json()
    second = (found["items"] if isinstance(found, dict) else found)[0]["number"]
    assert client.post("/orders/numbers", json={"numbers": [second]}).ok
    client.advance(60_000)
    client.inbound("to the first number")
    client.admin("POST", "/texts", {"fromNumber": OTHER_PHONE, "toNumber": second, "message": "to the second number"})
    page.locator(f"[data-number='{PHONE}']").click()
    expect(page.locator("#bubbles")).to_contain_text("to the first number")
    expect(page.locator("#composer-phone")).to_have_value(PHONE)
    expect(page.locator("#composer-account")).to_have_value(LEASED)
    page.locator(f"[data-number='{OTHER_PHONE}']").click()
    expect(page.locator("#composer-phone")).to_have_value(OTHER_PHONE)
    expect(page.locator("#composer-account")).to_have_value(second)
    write(page, "from the same phone")
    expect(page.locator(BUBBLES)).to_have_count(2)
    assert [text["fromNumber"] for text in client.get("/texts").json()["items"]] == [OTHER_PHONE, OTHER_PHONE, PHONE]


def test_the_position_and_the_focus_stay_while_texts_arrive(open_page: Opened, client: Client) -> None:
    fill(client, 60)
    page = open_page(f"conversations/{PHONE}")
    expect(page.locator(BUBBLES)).to_have_count(60)
    assert scroll_top(page) > 0
    page.locator("#bubbles").evaluate("box => { box.scrollTop = 40 }")
    page.locator("#search").focus()
    client.inbound("one more")
    client.text("a reply")
    expect(page.get_by_role("button", name="2 new texts")).to_be_visible()
    assert scroll_top(page) == 40
    assert page.evaluate("document.activeElement.id") == "search"
    page.get_by_role("button", name="2 new texts").click()
    expect(page.get_by_role("button", name="2 new texts")).to_be_hidden()
    client.inbound("at the end")
    expect(page.locator(BUBBLES).last).to_be_in_viewport()


def test_focus_on_a_conversation_stays_when_another_moves_to_the_top(page: Page, client: Client) -> None:
    client.inbound("first", sender=OTHER_PHONE)
    client.inbound("second")
    link = page.locator(f"[data-number='{PHONE}']")
    link.focus()
    client.inbound("third", sender=OTHER_PHONE)
    expect(page.locator("#conversation-list a").first).to_have_attribute("data-number", OTHER_PHONE)
    expect(link).to_be_focused()


def test_thousands_of_texts_are_shown_in_pages(open_page: Opened, client: Client) -> None:
    client.inbound("a conversation from before", sender=OTHER_PHONE)
    fill(client, 3000)
    page = open_page(f"conversations/{PHONE}")
    expect(page.locator(BUBBLES)).to_have_count(100)
    expect(page.locator("#thread-note")).to_have_text("3,000 texts")
    expect(page.locator("#conversation-list a")).to_have_count(2)
    page.get_by_role("button", name="Show earlier texts").click()
    expect(page.locator(BUBBLES)).to_have_count(200)
    expect(page.get_by_text("text 2900", exact=True)).to_be_in_viewport()
    page.locator(f"[data-number='{OTHER_PHONE}']").click()
    expect(page.locator("#bubbles")).to_contain_text("a conversation from before")
    expect(page.locator(BUBBLES)).to_have_count(1)


def test_a_failed_text_looks_failed_and_can_be_filtered(page: Page, client: Client) -> None:
    client.admin("PUT", f"/outcomes/{PHONE}", {"finalTextResult": "CARRIER_ERROR"})
    client.text("lost")
    client.text("arrives", OTHER_PHONE)
    client.advance(1000)
    page.get_by_role("button", name="Failed").click()
    expect(page.locator("#conversation-list a")).to_have_count(1)
    page.locator(f"[data-number='{PHONE}']").click()
    expect(page.locator(f"{BUBBLES}.failed")).to_contain_text("Not delivered: Carrier error")


def test_a_broadcast_does_not_hide_conversations(page: Page, client: Client) -> None:
    client.inbound("question")
    recipients = [{"phoneNumber": f"121355520{line:02d}"} for line in range(70)]
    assert client.post("/texts/broadcasts?start=true", json={"name": "n", "message": "m", "recipients": recipients}).ok
    expect(page.locator("#conversation-list a")).to_have_count(50)
    page.get_by_role("button", name="Show more conversations").click()
    expect(page.locator("#conversation-list a")).to_have_count(71)
    page.get_by_role("button", name="With replies").click()
    expect(page.locator("#conversation-list a")).to_have_count(1)
    page.get_by_role("button", name="All", exact=True).locator("visible=true").click()
    page.locator("#search").fill("quest")
    expect(page.locator("#conversation-list a")).to_have_count(1)
    page.locator("#search").fill("no such text")
    expect(page.locator(".list-pane")).to_contain_text("No matches")


def test_the_keyboard_is_enough(page: Page, client: Client) -> None:
    client.inbound("hello")
    expect(page.locator("#conversation-list a")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
    expect(page.locator(f"[data-number='{PHONE}']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#composer-phone")).to_have_value(PHONE)
    page.locator("#composer-message").focus()
    page.keyboard.type("with Enter")
    page.keyboard.press("Enter")
    expect(page.locator(BUBBLES)).to_have_count(2)
    expect(page.locator("#composer-message")).to_be_focused()


def test_one_pane_is_shown_on_a_phone(open_page: Opened, client: Client) -> None:
    client.inbound("hello")
    page = open_page("conversations", width=390, height=844)
    expect(page.locator("#composer")).to_be_hidden()
    page.locator(f"[data-number='{PHONE}']").click()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("heading", name="+1 213 555 0177")).to_be_focused()
    page.get_by_role("link", name="All conversations").click()
    expect(page.locator(f"[data-number='{PHONE}']")).to_be_visible()
