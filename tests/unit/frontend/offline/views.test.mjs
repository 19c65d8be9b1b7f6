import assert from "node:assert/strict";
import { test } from "node:test";
import { emergency, howItWent, nextToNote, noteFaults, register, reported, rest } from "../../../../frontend/assets/js/offline/views.js";

/** An element that knows its words alone. */
function element() {
  const words = [];
  return { append: (...more) => words.push(...more), setAttribute: () => {}, addEventListener: () => {}, toString: () => words.join(" ") };
}
globalThis.document = { createElement: element };
const about = { phone: { cloneNode: () => "0123" }, waiting: { waiting: 0 } };
const said = (view) => view.nodes.join(" ");
const nobody = { first: "Pat", state: "", tick: null, alerts: [], needs: [], changes: [], notes: [], also: [], contact: null };
const one = { id: 1, name: "Yoga", when: "today", savedAt: 0, marks: [], emergency: [], out_of_view: [["Look", "Call them."]],
  ticks: [["came", "Companion came"], ["not", "Companion did not come"]], comes_along: "Comes with a companion",
  note: { of: ["attended"], asked: { effort: "How hard?" }, hints: {}, effort: [0, 10], longest: 500 } };

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

// Pitfall 50: who comes along stands under whom they come with, and is ticked apart.
test("nobody unknown is marked with all the others, and whoever comes along has a tick of their own", () => {
  const people = [{ ...nobody, name: "Pat", tick: "" }, { ...nobody, name: "Wanda", unknown: true }];
  const lines = people.map((person) => ({ person, state: "", tick: person.tick }));
  const told = { error: "" };
  const page = said(rest(one, lines, told, {}));
  assert.match(page, /1 person has no mark/);
  assert.doesNotMatch(page, /Wanda/);
  const shown = (started) => said(register({ ...one, people }, lines, started, about, told, {}));
  assert.equal(shown(true).match(/Companion came/g).length, 1);
  assert.equal(shown(false).match(/Comes with a companion/g).length, 1);
  assert.doesNotMatch(shown(false), /Companion came/);
});

test("of whom photos may be made stands on a saved register, and whoever came besides was not asked", () => {
  const people = [{ ...nobody, name: "Pat" }];
  const lines = people.map((person) => ({ person, state: "", tick: null }));
  const shown = (more) => said(register({ ...one, people, ...more }, lines, true, about, { error: "" }, {}));
  const photos = "Photos and recordings: everybody here agreed to them.";
  assert.match(shown({ photos }), /everybody here agreed/);
  assert.doesNotMatch(shown({ photos }), /without booking has not agreed/);
  assert.match(shown({ photos, came: [{ name: "Wim" }], report: { unknown: "" } }), /without booking has not agreed/);
  assert.doesNotMatch(shown({}), /agreed/); // saved by an earlier version
});

test("how it went is written of whoever came, one after the other, and names what is wrong", () => {
  const line = (key, state, more = {}) => ({ state, person: { ...nobody, key, name: key, first: key, asks: true, ...more } });
  const lines = [line("a", "attended"), line("b", "absent_told"), line("c", "attended", { asks: false }), line("d", "attended")];
  const keys = ["a", "d"].map((key) => nextToNote(one, lines, key)?.key);
  assert.deepEqual(keys, ["d", "a"]);
  lines[0].person.noted = true;
  assert.equal(nextToNote(one, lines, "d"), null);
  const empty = { effort: "", plan: "", adaptation: "", next_time: "", for_colleagues: "" };
  const table = [[{}, "plan"], [{ effort: "11" }, "effort"], [{ effort: "hard" }, "effort"], [{ effort: "0" }], [{ next_time: "More" }]];
  for (const [typed, wrong] of table) assert.deepEqual(Object.keys(noteFaults({ ...empty, ...typed }, one.note)), wrong ? [wrong] : []);
  const page = (person) => said(howItWent(one, person, null, { typed: {}, errors: {} }, {}));
  assert.match(page({ ...nobody, noted: true }), /is put under it/);
  assert.doesNotMatch(page(nobody), /is put under it/);
});
