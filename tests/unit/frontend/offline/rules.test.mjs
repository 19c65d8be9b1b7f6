import assert from "node:assert/strict";
import { test } from "node:test";
import { SLACK, standing } from "../../../../frontend/assets/js/offline/clock.js";
import { faultOf } from "../../../../frontend/assets/js/offline/pin.js";
import {
  afterAnswers,
  MOST_AT_ONCE,
  newItem,
  newMark,
  newTick,
  ofOthers,
  stateOf,
  tickOf,
  toRead,
  toSend,
  waitBefore,
} from "../../../../frontend/assets/js/offline/queue.js";
import { linesToKeep } from "../../../../frontend/assets/js/offline/register_page.js";
import { waitingWords } from "../../../../frontend/assets/js/offline/words.js";

const mark = (more = {}) =>
  newMark({ session: 1, person: { booking: 7 }, state: "attended", knew: "", owner: "ines", at: 10, id: "a", ...more });

test("a PIN that anybody would guess is refused, and one of six numbers or more is taken", () => {
  for (const pin of ["", "12345", "12a456", "111111", "123456", "654321", "890123", "121212", "123123", "11111111"]) {
    assert.notEqual(faultOf(pin), "", pin);
  }
  for (const pin of ["274913", "19580314", "100200"]) assert.equal(faultOf(pin), "", pin);
});

test("what was saved opens until its end, by the server's clock, and not when the telephone's has gone back", () => {
  const hour = 3_600_000;
  const kept = { phoneAt: 100 * hour, savedAt: 101 * hour, until: 110 * hour }; // the telephone is an hour slow
  const table = [
    [100 * hour, 0, "open"],
    [109 * hour - 1, 0, "open"],
    [109 * hour, 0, "expired"],
    [100 * hour - SLACK, 0, "open"],
    [100 * hour - SLACK - 1, 0, "clock"],
    [105 * hour, 105 * hour + SLACK, "open"],
    [105 * hour, 105 * hour + SLACK + 1, "clock"],
    [109 * hour, 200 * hour, "clock"],
  ];
  for (const [now, seen, stands] of table) assert.equal(standing(kept, now, seen), stands, `${now} ${seen}`);
});

test("the mark taken last stands for a line, and the server's where there is none", () => {
  const person = { booking: 7, state: "absent_told" };
  assert.equal(stateOf(person, 1, []), "absent_told");
  const queue = [mark({ at: 12, state: "sent_home", id: "b" }), mark(), mark({ at: 99, session: 2, id: "c" })];
  assert.equal(stateOf(person, 1, queue), "sent_home");
  assert.equal(stateOf({ guest: 7, state: "" }, 1, queue), "");
});

// Pitfall 50: apart from the mark of whom they come with.
test("the tick of whoever comes along that was made last stands, and is no mark of anybody", () => {
  const person = { booking: 7, state: "", tick: "" };
  const tick = (at, came) => newTick({ session: 1, person, came, knew: "", owner: "ines", at, id: String(at) });
  const queue = [tick(12, "not"), tick(10, "came"), mark({ at: 99 })];
  assert.deepEqual([tickOf(person, 1, queue), tickOf(person, 1, []), stateOf(person, 1, queue.slice(0, 2))], ["not", "", ""]);
  assert.equal(tickOf({ booking: 8, tick: null }, 1, queue), null, "nobody comes along");
});

test("what waits is sent in the order in which it was made, by the login that made it", () => {
  const report = newItem({ kind: "incident", session: 1, owner: "ines", at: 12, id: "report" });
  const queue = [mark({ id: "late", at: 20 }), mark({ id: "other", owner: "ivor" }), report, mark()];
  assert.deepEqual(
    toSend(queue, "ines").map((item) => item.id),
    ["a", "report", "late"],
  );
  assert.deepEqual(
    ofOthers(queue, "ines").map((item) => item.id),
    ["other"],
  );
  assert.equal(stateOf({ booking: null, state: "" }, 1, [report]), "", "a report is no mark");
  const many = Array.from({ length: MOST_AT_ONCE + 1 }, (_, at) => mark({ id: String(at), at }));
  assert.equal(toSend(many, "ines").length, MOST_AT_ONCE);
});

test("only what the server has answered for is forgotten", () => {
  const sent = ["kept", "not_yet", "with_desk", "unreadable", "silent"].map((id) => mark({ id, parcel: {} }));
  const answers = sent.slice(0, 4).map((item) => ({ id: item.id, fate: item.id }));
  const after = afterAnswers(sent, answers);
  assert.deepEqual(after.forget, ["kept", "with_desk", "unreadable"]);
  assert.deepEqual(
    after.apart.map((item) => [item.id, item.fate, item.parcel]),
    [
      ["with_desk", "with_desk", null],
      ["unreadable", "unreadable", {}],
    ],
  );
});

test("a mark that another device made differently is kept there, and told here once", () => {
  const after = afterAnswers([mark()], [{ id: "a", fate: "kept", differs: true }]);
  assert.deepEqual([after.forget, after.apart.map(({ fate }) => fate)], [["a"], ["differs"]]);
});

test("what waits is counted by its kind, the gravest first", () => {
  const table = [
    [{ mark: 1 }, "1 mark on this phone is not sent yet."],
    [{ mark: 2, incident: 1 }, "1 report and 2 marks on this phone are not sent yet."],
    [{ walk_in: 2, check: 1, mark: 3 }, "1 safety check, 2 people at the door and 3 marks on this phone are not sent yet."],
  ];
  for (const [kinds, words] of table) {
    const waiting = Object.values(kinds).reduce((sum, number) => sum + number);
    assert.deepEqual(waitingWords({ waiting, others: 0, kinds }, "sent"), [words]);
  }
  const [others] = waitingWords({ waiting: 1, others: 1, kinds: {} }, "sent");
  assert.match(others, /^1 entry of somebody else waits on this phone, sealed/);
});

test("what was set apart is read by whoever made it, and by nobody else in their place", () => {
  const apart = [mark(), mark({ id: "b", owner: "ivor" })];
  const ids = (owner) => toRead(apart, owner).map((item) => item.id);
  assert.deepEqual([ids("ines"), ids("ivor"), ids("quinn"), ids("")], [["a"], ["b"], [], ["a", "b"]]);
});

test("only what somebody touched on the page is kept", () => {
  const line = (state, was, note, said) => ({ state, was, note, said });
  const table = [
    [line("attended", "", "", ""), true],
    [line("attended", "", "Stick", "Stick"), true],
    [line("attended", "attended", "Stick", ""), true],
    [line("attended", "attended", "", "Stick"), true],
    [line("attended", "attended", "Stick", "Stick"), false],
    [line("", "", "", ""), false],
  ];
  for (const [one, keeps] of table) assert.equal(linesToKeep([one]).length > 0, keeps);
});

test("one waits longer after each try, and five minutes at most", () => {
  assert.deepEqual([0, 1, 2, 10].map(waitBefore), [5_000, 10_000, 20_000, 300_000]);
});
