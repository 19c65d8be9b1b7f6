import assert from "node:assert/strict";
import { test } from "node:test";
import { emergency, register, reported, rest } from "../../../../frontend/assets/js/offline/views.js";

/** An element that knows its words alone. */
function element() {
  const words = [];
  return { append: (...more) => words.push(...more), setAttribute: () => {}, addEventListener: () => {}, toString: () => words.join(" ") };
}
globalThis.document = { createElement: element };
const about = { phone: { cloneNode: () => "0123" }, waiting: { waiting: 0 } };
const said = (view) => view.nodes.join(" ");
const nobody = { first: "Pat", state: "", alerts: [], needs: [], changes: [], notes: [], also: [], contact: null };
const one = { id: 1, name: "Yoga", when: "today", savedAt: 0, marks: [], emergency: [], out_of_view: [["Look", "Call them."]] };

test("a report that was refused is not said to be sent, and our number stands beside it", () => {
  assert.match(said(reported(one, "refused", about)), /could not be recorded: phone us now on\s+0123/);
  assert.match(said(reported(one, "sent", about)), /Somebody at the desk is asked/);
  assert.match(said(reported(one, "waits", about)), /Your report waits/);
});

test("in an emergency online the page says where each person is, and asks of whom nobody said", () => {
  const there = { ...nobody, name: "Pat", address: true, where: ["At home: 1 Mill Lane", "Ring 0777"] };
  const page = said(emergency({ ...one, people: [there, { ...nobody, name: "Quinn", first: "Quinn", address: false }] }));
  assert.match(page, /Look\.\s+Call them\.[^]*Pat[^]*1 Mill Lane[^]*Ring 0777[^]*Where Quinn is was not said: ask/);
  assert.doesNotMatch(page, /defibrillator|Where Pat is/);
});

test("nobody unknown is marked with all the others, and a companion's tick is said not to be kept", () => {
  const people = [{ ...nobody, name: "Pat", companion: true }, { ...nobody, name: "Wanda", unknown: true }];
  const lines = people.map((person) => ({ person, state: "" }));
  const told = { error: "" };
  const page = said(rest(one, lines, told, {}));
  assert.match(page, /1 person has no mark/);
  assert.doesNotMatch(page, /Wanda/);
  const shown = said(register({ ...one, people }, lines, true, about, told, {}));
  assert.equal(shown.match(/companion came is not kept on this phone/g).length, 1);
});
