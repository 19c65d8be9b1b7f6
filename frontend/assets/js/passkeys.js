// Passkeys: asks the browser for one and sends what it answers. Loaded by the pages of signing in alone.
// Where the browser has none, the page stays as it was without this script: the other way in is on it.
const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: decode(one.id) }));

const NOT_DONE = "That did not work, or was stopped. Try again, or sign in another way.";
const THERE = "There is a passkey for SafeFit on this device already.";

/** What `navigator.credentials` takes, from the JSON of the server: not every browser reads it by itself. */
function read({ publicKey: given }) {
  const read = { ...given, challenge: decode(given.challenge) };
  if (given.user) read.user = { ...given.user, id: decode(given.user.id) };
  read.excludeCredentials = named(given.excludeCredentials);
  read.allowCredentials = named(given.allowCredentials);
  return { publicKey: read };
}

/** What the server takes, of what the device answered. */
function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = encode(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function options(form) {
  if (form.dataset.sfPasskeyAsk === undefined) return form.dataset.sfPasskeyAdd ?? form.dataset.sfPasskeyUse;
  const answer = await fetch(form.dataset.sfPasskeyAsk, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

async function ask(form) {
  const said = form.querySelector("[data-sf-passkey-said]");
  said.textContent = "";
  try {
    const asked = read(JSON.parse(await options(form)));
    const adding = form.dataset.sfPasskeyAdd !== undefined;
    const credential = await (adding ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
    form.elements.credential.value = written(credential);
    form.submit();
  } catch (error) {
    said.textContent = error.name === "InvalidStateError" ? THERE : NOT_DONE;
  }
}

if (globalThis.PublicKeyCredential && navigator.credentials) {
  for (const part of document.querySelectorAll("[data-sf-passkey-else]")) part.hidden = true;
  for (const part of document.querySelectorAll("[data-sf-passkey]")) {
    part.hidden = false;
    const form = part.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}
