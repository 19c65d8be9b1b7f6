// Locks what is saved: anybody may put in, only the PIN takes out. And seals what waits to be sent: only the server takes
// that out (accounts/parcels.py), so that neither a wiped PIN nor a session that has ended can lose it. WebCrypto; no
// storage, no page.
//
// A pair of keys is made on the telephone. The open half seals, without any PIN, whenever there is a signal. The other
// half lies wrapped under a key made of the PIN (PBKDF2) and of a key of this device that a browser does not give out:
// a copy of what is stored is not enough to try PINs on. See docs/adr/0038.
export const ITERATIONS = 600_000;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const bytes = (words) => new TextEncoder().encode(words);
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

export class WrongPin extends Error {}

/** { lock, secret }: what is stored, which opens nothing without `pin`; and what opens, for memory alone. */
export async function makeLock(pin, iterations = ITERATIONS) {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const device = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const lock = { salt: random(16), iv: random(12), device, iterations };
  const key = await wrappingKey(pin, lock);
  const secret = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  lock.wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv: lock.iv }, key, secret);
  lock.open = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { lock, secret: await inMemory(secret) };
}

/** The half that opens, for memory alone. Throws WrongPin. */
export async function unlock(lock, pin) {
  const key = await wrappingKey(pin, lock);
  let secret;
  try {
    secret = await crypto.subtle.decrypt({ name: "AES-GCM", iv: lock.iv }, key, lock.wrapped);
  } catch {
    throw new WrongPin();
  }
  return inMemory(secret);
}

function inMemory(secret) {
  return crypto.subtle.importKey("pkcs8", secret, CURVE, false, ["deriveBits"]);
}

/** `value` sealed for whoever holds the PIN. `label` says what it is: under another one it does not open. */
export async function seal(lock, value, label) {
  return sealTo(await crypto.subtle.importKey("jwk", lock.open, CURVE, false, []), value, label);
}

async function sealTo(open, value, label) {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const key = await sharedKey(pair.privateKey, open, label);
  const iv = random(12);
  const sealed = await crypto.subtle.encrypt(content(iv, label), key, bytes(JSON.stringify(value)));
  return { from: await crypto.subtle.exportKey("raw", pair.publicKey), iv, sealed };
}

/** `value` sealed for the server, in words that can be sent. `half` is its open half, a point of the curve in base64. */
export async function sealForServer(half, value, label) {
  const open = await crypto.subtle.importKey("raw", fromBase64(half), CURVE, false, []);
  const { from, iv, sealed } = await sealTo(open, value, label);
  return { from: toBase64(from), iv: toBase64(iv), sealed: toBase64(sealed) };
}

/** What was sealed under `label`; throws when it is not whole, or of another key. */
export async function unseal(secret, { from, iv, sealed }, label) {
  const other = await crypto.subtle.importKey("raw", from, CURVE, false, []);
  const key = await sharedKey(secret, other, label);
  const plain = await crypto.subtle.decrypt(content(iv, label), key, sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}

const toBase64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const fromBase64 = (words) => Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));

function content(iv, label) {
  return { name: "AES-GCM", iv, additionalData: bytes(label) };
}

async function wrappingKey(pin, { salt, iterations, device }) {
  const typed = await crypto.subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, typed, 256);
  const bound = await crypto.subtle.sign("HMAC", device, slow);
  return crypto.subtle.importKey("raw", bound, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function sharedKey(own, other, label) {
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own, 256);
  const base = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytes(label) };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
