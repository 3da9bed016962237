// Address, login and samples for a program.
import { admin, getSetup } from "../api.js";
import { $, h } from "../dom.js";
import { copyButton, onSubmit } from "../feedback.js";

export const kinds = [];

const SAMPLES = {
  curl: ({ url, username, password, phone }) => `curl -u ${username}:${password} ${url}/texts \\
  -H 'Content-Type: application/json' \\
  -d '[{"phoneNumber": "${phone}", "message": "Your table is ready."}]'`,
  Python: ({ url, username, password, phone }) => `import requests

response = requests.post(
    "${url}/texts",
    auth=("${username}", "${password}"),
    json=[{"phoneNumber": "${phone}", "message": "Your table is ready."}],
)
print(response.json())`,
  "Node.js": ({ url, username, password, phone }) => `const login = Buffer.from("${username}:${password}").toString("base64");
const response = await fetch("${url}/texts", {
  method: "POST",
  headers: { Authorization: \`Basic \${login}\`, "Content-Type": "application/json" },
  body: JSON.stringify([{ phoneNumber: "${phone}", message: "Your table is ready." }]),
});
console.log(await response.json());`,
};

export function start() {
  onSubmit($("account-form"), async form => {
    const { name } = await admin("POST", "accounts", { name: form.elements.name.value.trim() });
    location.search = `?account=${encodeURIComponent(name)}`;
  });
}

export async function open() {
  const [setup, magic] = await Promise.all([getSetup(), admin("GET", "magic-numbers")]);
  const facts = [["Address", setup.url], ["User name", setup.username], ["Password", setup.password],
    ...setup.numbers.map(number => ["Leased number", number]), ...setup.callerIds.map(number => ["Caller ID", number]),
    ["Admin API", setup.adminUrl]];
  $("facts").replaceChildren(...facts.map(([name, value]) => fact(name, h("dd", { class: "mono" }, value), name.toLowerCase(), value)));
  $("magic-numbers").replaceChildren(...magic.map(({ number, description }) =>
    fact(h("span", { class: "mono" }, number), h("dd", {}, description), `magic number ${number}`, number)));
  const given = { ...setup, phone: "12135550177" };
  $("samples").replaceChildren(...Object.entries(SAMPLES).map(([name, write]) => h("div", { class: "sample" },
    h("div", { class: "sample-head" }, h("h3", {}, name), copyButton(`${name} sample`, write(given))),
    h("pre", { tabindex: "0", "aria-label": `${name} sample` }, write(given)))));
}

const fact = (name, shown, label, value) => h("div", {}, h("dt", {}, name), shown, h("dd", {}, copyButton(label, value)));

export async function refresh() {}
