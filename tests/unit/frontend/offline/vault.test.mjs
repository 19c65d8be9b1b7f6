import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lookAtClock,
  openAll,
  saveMarked,
  throwAwayOld,
  tryPin,
} from "../../../../frontend/assets/js/offline/opening.js";
import { save } from "../../../../frontend/assets/js/offline/saving.js";
import { countWaiting, send } from "../../../../frontend/assets/js/offline/sending.js";
import { ITERATIONS, makeLock, seal, sealForServer, unlock, unseal, WrongPin } from "../../../../frontend/assets/js/offline/vault.js";
import { newMark } from "../../../../frontend/assets/js/offline/queue.js";
import { memory } from "./memory.mjs";

const FEW = 10; // rounds of PBKDF2, so that a test takes no time; one below looks at the real number
const PIN = "274913";
const HOUR = 3_600_000;
const NAME = "Wilhelmina Canary";
const answer =
  (told, status = 200) =>
  async () => ({ ok: status < 300, status, type: "basic", json: async () => told });
const register = (id, until) => ({ id, starts: id, until, people: [{ name: NAME }] });
const told = (...classes) => ({ for: "ines", now: 100 * HOUR, shared: { seal_for: "key" }, classes });

async function saved(until = 110 * HOUR) {
  const store = memory();
  const { lock } = await makeLock(PIN, FEW);
  const came = await save(store, answer(told(register(2, until), register(1, until))), "", 100 * HOUR, lock);
  assert.equal(came.state, "saved");
  return store;
}

test("a PIN costs whoever tries many of them 600,000 rounds each", () => assert.ok(ITERATIONS >= 600_000));

test("what is sealed opens with the PIN on this device, and in no other way", async () => {
  const { lock, secret } = await makeLock(PIN, FEW);
  const sealed = await seal(lock, { name: NAME }, "register:1");
  assert.deepEqual(await unseal(secret, sealed, "register:1"), { name: NAME });
  await assert.rejects(crypto.subtle.exportKey("pkcs8", secret), "what opens does not leave memory");
  assert.deepEqual(await unseal(await unlock(lock, PIN), sealed, "register:1"), { name: NAME });
  await assert.rejects(unlock(lock, "274914"), WrongPin);
  await assert.rejects(unseal(await unlock(lock, PIN), sealed, "register:2"), "one register does not pass for another");
  const elsewhere = { ...lock, device: (await makeLock(PIN, FEW)).lock.device };
  await assert.rejects(unlock(elsewhere, PIN), WrongPin, "a copy without the key of the device is of no use");
  await assert.rejects(crypto.subtle.exportKey("raw", lock.device));
  const stored = Buffer.from(sealed.sealed).toString("latin1") + Buffer.from(lock.wrapped).toString("latin1");
  assert.ok(!stored.includes(NAME) && !JSON.stringify(lock).includes(PIN));
});

test("five wrong PINs leave no try, and the right one before them begins anew", async () => {
  const store = await saved();
  const left = async (pin) => (await tryPin(store, pin)).left;
  assert.deepEqual([await left("1"), await left("2"), await left("3"), await left("4")], [4, 3, 2, 1]);
  assert.ok((await tryPin(store, PIN)).secret);
  for (const expected of [4, 3, 2, 1, 0]) assert.equal(await left("5"), expected);
  assert.deepEqual(await tryPin(store, PIN), { left: 0 }, "the right one comes too late");
  assert.deepEqual(await tryPin(memory(), PIN), { left: 0 });
});

test("registers open in the order of the classes until they run out, and not by a clock that went back", async () => {
  const store = await saved();
  const { secret } = await tryPin(store, PIN);
  const opened = await openAll(store, secret, 101 * HOUR);
  assert.deepEqual(
    opened.registers.map((one) => one.id),
    [1, 2],
  );
  assert.deepEqual([opened.registers[0].people[0].name, opened.registers[0].seal_for], [NAME, "key"]);
  await lookAtClock(store, 111 * HOUR);
  assert.deepEqual((await openAll(store, secret, 109 * HOUR)).why, ["clock", "clock"]);
  assert.deepEqual(await openAll(store, secret, 111 * HOUR), { registers: [], why: ["expired", "expired"] });
  assert.deepEqual(await store.all("kept"), []);
});

test("a clock that was ahead is forgotten with the next saving, when the server's time is known", async () => {
  const store = await saved();
  const { secret } = await tryPin(store, PIN);
  await lookAtClock(store, 999 * HOUR);
  assert.deepEqual((await openAll(store, secret, 101 * HOUR)).why, ["clock", "clock"]);
  await save(store, answer(told(register(1, 110 * HOUR))), "ines", 101 * HOUR);
  assert.deepEqual(
    (await openAll(store, secret, 101 * HOUR)).registers.map((one) => one.id),
    [1],
  );
});

test("a register that is marked is saved again, but not over one that another page saved since, nor once wiped", async () => {
  const store = await saved();
  const { secret } = await tryPin(store, PIN);
  const lock = await store.get("lock", "lock");
  const names = async () => (await openAll(store, secret, 101 * HOUR)).registers.map((one) => one.people[0].name);
  const [one] = (await openAll(store, secret, 101 * HOUR)).registers;
  await saveMarked(store, lock, { ...one, people: [{ name: "Marked" }] });
  assert.deepEqual(await names(), ["Marked", NAME]);
  await save(store, answer({ ...told(register(1, 110 * HOUR)), now: 100 * HOUR + 1 }), "ines", 100 * HOUR);
  await saveMarked(store, lock, { ...one, people: [{ name: "Older" }] });
  assert.deepEqual(await names(), [NAME]);
  await store.remove("kept", 1);
  await saveMarked(store, lock, one);
  assert.deepEqual(await names(), []);
});

test("an end that was moved outside the seal opens nothing", async () => {
  const store = await saved();
  for (const row of await store.all("kept")) await store.put("kept", row.id, { ...row, until: 999 * HOUR });
  await throwAwayOld(store, 111 * HOUR);
  assert.equal((await store.all("kept")).length, 2);
  const { secret } = await tryPin(store, PIN);
  assert.deepEqual((await openAll(store, secret, 111 * HOUR)).registers, []);
});

test("what has run out goes without a PIN", async () => {
  const store = await saved();
  await throwAwayOld(store, 110 * HOUR - 1);
  assert.equal((await store.all("kept")).length, 2);
  await throwAwayOld(store, 110 * HOUR);
  assert.deepEqual(await store.all("kept"), []);
});

test("a PIN is that of whoever is signed in, and none is chosen where nobody says who that is", async () => {
  const store = memory();
  const { lock } = await makeLock(PIN, FEW);
  const away = async () => Promise.reject(new TypeError("no signal"));
  const came = async (ask, chosen) => (await save(store, ask, "", 100 * HOUR, chosen)).state;
  assert.equal(await came(away, lock), "away");
  assert.equal(await came(answer({}, 403), lock), "gone");
  assert.equal(await store.get("lock", "lock"), undefined);
  assert.equal(await came(answer(told()), lock), "saved");
  assert.equal((await store.get("lock", "lock")).owner, "ines");
  const { lock: slower } = await makeLock(PIN, FEW);
  assert.equal((await save(store, answer(told()), "", 100 * HOUR, slower)).chosen, false, "another page was quicker");
  assert.equal(await came(answer({ ...told(register(1, 110 * HOUR)), for: "ivor" })), "gone");
  await store.put("lock", "lock", { ...lock, tries: 0 });
  assert.equal(await came(answer(told())), "gone", "a lock of which nobody knows whose it is");
  assert.deepEqual(await store.all("kept"), [], "nothing of the next person under the PIN of the one before");
});

test("a class that is not led any more is not kept any more", async () => {
  const store = await saved();
  await save(store, answer(told(register(2, 110 * HOUR))), "ines", 100 * HOUR);
  assert.deepEqual(await store.keys("kept"), [2]);
});

test("saving says what came of it, and what must be wiped", async () => {
  const store = await saved();
  const came = async (ask, owner = "ines") => (await save(store, ask, owner, 100 * HOUR)).state;
  assert.equal((await save(memory(), answer(told()), "", 0)).state, "no-pin");
  for (const status of [403, 404]) assert.equal(await came(answer({}, status)), "gone");
  assert.equal(await came(answer({}, 401)), "signed-out", "a session that ended is no reason to wipe");
  assert.equal(await came(async () => ({ type: "opaqueredirect", status: 0 })), "signed-out");
  assert.equal(await came(answer(told()), "ivor"), "gone");
  assert.equal(await came(answer({}, 503)), "away");
  assert.equal(await came(async () => Promise.reject(new TypeError("no signal"))), "away");
  assert.equal((await store.all("kept")).length, 2);
});

const mark = (id, more = {}) =>
  newMark({ session: 1, person: { booking: 7 }, state: "attended", knew: "", owner: "ines", at: 1, id, ...more });

test("a mark stays until the server has answered for it, whatever goes wrong, and is sent again as it was", async () => {
  const store = memory();
  await store.put("waiting", "a", mark("a"));
  const sent = [];
  const post = (then) => async (body) => (sent.push(body.items[0]), then());
  const outcomes = [];
  for (const then of [
    async () => Promise.reject(new TypeError("no signal")),
    answer({}, 500),
    answer({}, 409),
    answer({}, 403),
    async () => ({ type: "opaqueredirect", status: 0 }),
    async () => ({ ok: true, status: 200, json: async () => Promise.reject(new Error("cut off")) }),
    answer({ items: [] }),
    answer({ items: [{ id: "a", fate: "not_yet" }] }),
  ]) {
    outcomes.push(await send(store, post(then), "ines"));
    assert.deepEqual(await store.keys("waiting"), ["a"]);
  }
  assert.deepEqual(outcomes, ["away", "away", "other", "signed-out", "signed-out", "away", "away", "away"]);
  assert.equal(await send(store, post(answer({ items: [{ id: "a", fate: "kept" }] })), "ines"), "sent");
  assert.deepEqual(await store.keys("waiting"), []);
  assert.equal(new Set(sent.map((one) => JSON.stringify(one))).size, 1);
  assert.ok(!("owner" in sent[0]));
  assert.equal(await send(store, post(answer({})), "ines"), "nothing");
  assert.equal(await send(store, post(answer({})), ""), "signed-out");
});

test("a mark that could not be added is set apart, and one of another login waits for it", async () => {
  const store = memory();
  await store.put("waiting", "a", mark("a"));
  await store.put("waiting", "b", mark("b", { owner: "ivor" }));
  await send(store, answer({ items: [{ id: "a", fate: "with_desk" }] }), "ines");
  assert.deepEqual(await countWaiting(store, "ines"), { waiting: 1, others: 1, kinds: {}, apart: 1 });
  assert.deepEqual((await countWaiting(store, "ivor")).kinds, { mark: 1 });
});

test("what is sealed for the server opens for it alone, under the label of its item", async () => {
  const server = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const half = Buffer.from(await crypto.subtle.exportKey("raw", server.publicKey)).toString("base64");
  const sent = await sealForServer(half, { note: "Came with a stick" }, "mark:a");
  assert.ok(!JSON.stringify(sent).includes("stick"));
  const parcel = Object.fromEntries(Object.entries(sent).map(([name, words]) => [name, Buffer.from(words, "base64")]));
  assert.deepEqual(await unseal(server.privateKey, parcel, "mark:a"), { note: "Came with a stick" });
  await assert.rejects(unseal(server.privateKey, parcel, "mark:b"));
  const { secret } = await makeLock(PIN, FEW);
  await assert.rejects(unseal(secret, parcel, "mark:a"));
});
