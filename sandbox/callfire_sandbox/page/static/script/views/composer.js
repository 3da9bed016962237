// The form below a conversation: a text from the phone, or a text from the account.
import { admin, callfire, getSetup, read } from "../api.js";
import { $, fillSelect, setText } from "../dom.js";
import { onSubmit } from "../feedback.js";
import { phone } from "../format.js";

const form = $("composer");
const fields = form.elements;
const HINTS = {
  phone: "A person texts your account: the text appears in find operations and triggers webhooks.",
  account: "Sends POST /texts with the login of the account. Costs one credit per segment.",
};
const PLACEHOLDERS = { phone: "Text from the phone to your account", account: "Text from your account to the phone" };

export function prepareComposer() {
  onSubmit(form, submit);
  for (const choice of form.querySelectorAll("[name=as]")) choice.addEventListener("change", showDirection);
  $("composer-message").addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  showDirection();
}

/** Sets both numbers. */
export function setComposer(number, accountNumber) {
  fields.phone.value = number;
  if (accountNumber) fields.account.value = accountNumber;
}

/** Offers the numbers of the account and the uploaded pictures. */
export async function refreshComposer() {
  const [{ numbers, shortCode }, media] = await Promise.all([getSetup(), read("media", { limit: 50 })]);
  $("account-numbers").replaceChildren(...[...numbers, shortCode].map(number => new Option(phone(number), number)));
  for (const input of document.querySelectorAll("[list=account-numbers]")) {
    if (input.value === input.defaultValue && numbers.length && !numbers.includes(input.value)) input.value = numbers[0];
  }
  const files = media.items.map(item => ({ value: String(item.id), label: item.name || String(item.id) }));
  fields.media.hidden = files.length === 0;
  fillSelect(fields.media, [{ value: "", label: "No picture" }, ...files]);
}

function showDirection() {
  const as = fields.as.value;
  setText($("direction"), as === "phone" ? "→" : "←");
  setText($("composer-hint"), HINTS[as]);
  fields.message.placeholder = PLACEHOLDERS[as];
}

async function submit() {
  const given = { phone: fields.phone.value.trim(), account: fields.account.value.trim(), message: fields.message.value };
  const media = fields.media.value ? [await mediaById(fields.media.value)] : undefined;
  if (!given.message.trim() && !media) throw new Error("Message: the message is empty. Enter a text or select a picture.");
  if (fields.as.value === "phone") {
    await admin("POST", "texts", { fromNumber: given.phone, toNumber: given.account, message: given.message, media });
  } else {
    await callfire("POST", "texts", [{ phoneNumber: given.phone, fromNumber: given.account, message: given.message, media }]);
  }
  fields.message.value = "";
  fields.media.value = "";
  fields.message.focus();
  location.hash = `#/conversations/${digits(given.phone)}`;
}

async function mediaById(id) {
  const { items } = await read("media", { limit: 50 });
  const { publicUrl, mediaType, name } = items.find(item => String(item.id) === id);
  return { publicUrl, mediaType, name };
}

// The sandbox stores numbers with 11 digits.
function digits(number) {
  const found = number.replace(/\D/g, "");
  return found.length === 10 ? `1${found}` : found;
}
