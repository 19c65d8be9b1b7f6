import assert from "node:assert/strict";
import { test } from "node:test";
import { clockOf } from "../../../../frontend/assets/js/offline/register_page.js";
import { ours } from "../../../../frontend/assets/js/offline/clock.js";
import { fillIn, readDraft } from "../../../../frontend/assets/js/offline/draft.js";
import { watchHiding } from "../../../../frontend/assets/js/offline/hiding.js";
import { openAll, throwAwayOld } from "../../../../frontend/assets/js/offline/opening.js";
import { keepRefused, keepSaid, knownByServer } from "../../../../frontend/assets/js/offline/said.js";
import { save } from "../../../../frontend/assets/js/offline/saving.js";
import { send } from "../../../../frontend/assets/js/offline/sending.js";
import { onceRead, toRead } from "../../../../frontend/assets/js/offline/queue.js";
import { makeLock } from "../../../../frontend/assets/js/offline/vault.js";
import { memory } from "./memory.mjs";

const STOP = { id: "stop", stops: true, alert: "{name} does not exercise.", label: ["Stopped", "alert"] };
const person = { key: "b7", first: "Pat", alerts: [], check: null, stopped: false };
const register = { id: 1, starts: 1, until: 110, people: [person], questions: { groups: [], results: [STOP] } };
const answers = (body) => async () => ({ ok: true, status: 200, type: "basic", json: async () => body });

test("a stop and a guest stay over every register that is saved anew, until the server has taken them", async () => {
  const [store, marks] = [memory(), memory()];
  const { lock, secret } = await makeLock("274913", 10);
  const saveAnew = async () => {
    const known = await knownByServer(store, marks);
    await save(store, answers({ for: "ines", now: 100, shared: {}, classes: [register] }), "", 100, lock);
    for (const id of known) await store.remove("said", id);
    const [one] = (await openAll(store, secret, 101)).registers;
    return [one.people[0].stopped, one.people[0].alerts, (one.came ?? []).map(({ name }) => name)];
  };
  const shown = [true, ["Pat does not exercise."], ["Wanda"]];
  await saveAnew();
  const times = { id: 1, phoneAt: 100, savedAt: 100, until: 110 };
  await keepSaid(store, lock, times, { id: "check", at: 5, key: "b7", result: STOP });
  await keepSaid(store, lock, times, { id: "guest", at: 6, name: "Wanda" });
  for (const id of ["check", "guest"]) await marks.put("waiting", id, { id });
  assert.deepEqual(await saveAnew(), shown, "it waits");
  for (const id of ["check", "guest"]) await marks.remove("waiting", id);
  await marks.put("apart", "check", { id: "check", fate: "with_desk" });
  assert.deepEqual(await saveAnew(), [...shown.slice(0, 2), []], "the server has the guest, and has refused the stop");
  await keepRefused(store, "check");
  await marks.remove("apart", "check");
  assert.deepEqual((await saveAnew())[0], true, "that was read, and the stop stands");
  assert.ok(!JSON.stringify(await store.all("said")).includes("Pat"));
  await throwAwayOld(store, 110);
  assert.deepEqual(await store.all("said"), []);
});

test("what the server could not open stays sealed on the telephone and is sent again, also once that was read", async () => {
  const marks = memory();
  const told = (fate) => answers({ items: [{ id: "a", fate }] });
  await marks.put("waiting", "a", { id: "a", kind: "incident", owner: "ines", at: 1, parcel: { sealed: "words" } });
  assert.equal(await send(marks, told("unreadable"), "ines"), "sent");
  const [item] = toRead(await marks.all("apart"), "ines");
  await marks.put("apart", "a", onceRead(item));
  assert.deepEqual(toRead(await marks.all("apart"), "ines"), []);
  let sent;
  const post = async (body) => ((sent = body.items), told("unreadable")());
  await send(marks, post, "ines");
  assert.deepEqual([sent, toRead(await marks.all("apart"), "ines")], [[{ id: "a", kind: "incident", at: 1, parcel: { sealed: "words" } }], []]);
  await send(marks, told("kept"), "ines");
  assert.deepEqual(await marks.all("apart"), []);
  assert.equal(onceRead({ fate: "with_desk", parcel: null }), null);
});

test("how long the page was hidden is looked at before it is forgotten", async () => {
  let changed;
  const page = { hidden: true, addEventListener: (_, then) => (changed = then) };
  const seen = [];
  const since = watchHiding(page, async () => seen.push(since()));
  await changed();
  page.hidden = false;
  await changed();
  assert.ok(seen.length === 1 && seen[0] > 0);
  assert.equal(since(), 0);
});

test("what was typed is filled in again after the PIN", () => {
  const place = (...fields) => ({ querySelectorAll: () => fields });
  const field = (id, type, more) => ({ id, type, value: "", checked: false, ...more });
  const draft = readDraft(place(field("what", "textarea", { value: "A fall" }), field("harm-1", "radio", { checked: true })));
  const [what, harm, other] = [field("what", "textarea"), field("harm-1", "radio"), field("new", "text", { value: "x" })];
  fillIn(place(what, harm, other), draft);
  assert.deepEqual([what.value, harm.checked, other.value], ["A fall", true, "x"]);
});

test("a mark on the page is dated by the server's clock", () => {
  const form = (sfNow) => ({ closest: () => (sfNow ? { dataset: { sfNow } } : null) });
  assert.equal(ours(clockOf(form("5000"), 1000), 1200), 5200);
  for (const none of [form(null), null]) assert.equal(ours(clockOf(none, 1000), 1200), 1200);
});
