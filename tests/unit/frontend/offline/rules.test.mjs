import assert from "node:assert/strict";
import { test } from "node:test";
import { SLACK, standing } from "../../../../frontend/assets/js/offline/clock.js";
import { faultOf } from "../../../../frontend/assets/js/offline/pin.js";
import {
  afterAnswers,
  MOST_AT_ONCE,
  newMark,
  noteWith,
  ofOthers,
  stateOf,
  toRead,
  toSend,
  waitBefore,
} from "../../../../frontend/assets/js/offline/queue.js";
import { linesToKeep } from "../../../../frontend/assets/js/offline/register_page.js";

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

test("a correction brings the note of its line along, and a note is taken out when somebody does so", () => {
  const person = { booking: 7, note: "Came with a stick" };
  const table = [
    [person, undefined, "Came with a stick"],
    [person, "", ""],
    [person, "Felt dizzy", "Felt dizzy"],
    [{ booking: 7 }, undefined, ""],
  ];
  for (const [line, given, goes] of table) assert.equal(noteWith(line, given), goes);
});

test("marks are sent in the order in which they were taken, by the login that took them", () => {
  const queue = [
    mark({ id: "late", at: 20 }),
    mark({ id: "other", owner: "ivor" }),
    mark({ id: "note", note: {}, knew: "attended" }),
    mark(),
  ];
  assert.deepEqual(
    toSend(queue, "ines", false).map((item) => item.id),
    ["a", "late"],
  );
  assert.deepEqual(
    toSend(queue, "ines", true).map((item) => item.id),
    ["note", "a", "late"],
  );
  assert.deepEqual(
    ofOthers(queue, "ines").map((item) => item.id),
    ["other"],
  );
  const many = Array.from({ length: MOST_AT_ONCE + 1 }, (_, at) => mark({ id: String(at), at }));
  assert.equal(toSend(many, "ines", false).length, MOST_AT_ONCE);
});

test("only what the server has answered for is forgotten", () => {
  const sent = ["kept", "not_yet", "with_desk", "unreadable", "silent"].map((id) => mark({ id }));
  const answers = sent.slice(0, 4).map((item) => ({ id: item.id, fate: item.id, has_note: false }));
  const after = afterAnswers(sent, answers, false, () => "new");
  assert.deepEqual(after.forget, ["kept", "with_desk", "unreadable"]);
  assert.deepEqual(
    after.apart.map((item) => [item.id, item.fate]),
    [
      ["with_desk", "with_desk"],
      ["unreadable", "unreadable"],
    ],
  );
  assert.deepEqual(after.add, []);
});

test("a mark that another device made differently is kept there, and told here once", () => {
  const after = afterAnswers(
    [mark({ note: "sealed" })],
    [{ id: "a", fate: "kept", has_note: true, differs: true }],
    true,
    () => "new",
  );
  assert.deepEqual(
    [after.forget, after.add, after.apart.map(({ fate, note }) => [fate, note])],
    [["a"], [], [["differs", null]]],
  );
});

test("a note that could not be read follows its mark under an id of its own", () => {
  const item = mark({ note: { sealed: "x" } });
  const kept = { id: "a", fate: "kept", has_note: false };
  const [follows] = afterAnswers([item], [kept], false, () => "new").add;
  assert.deepEqual([follows.id, follows.knew, follows.noteOnly, follows.note], ["new", "attended", true, item.note]);
  assert.deepEqual(afterAnswers([item], [{ ...kept, has_note: true }], false, () => "new").add, []);
  assert.deepEqual(afterAnswers([item], [kept], true, () => "new").add, [], "it went with its note");
});

test("what was set apart is read by whoever made it, and by nobody else in their place", () => {
  const apart = [mark(), mark({ id: "b", owner: "ivor" })];
  const ids = (owner) => toRead(apart, owner).map((item) => item.id);
  assert.deepEqual([ids("ines"), ids("ivor"), ids("quinn"), ids("")], [["a"], ["b"], [], ["a", "b"]]);
});

test("without a lock a mark is kept, and no line for the note alone, which would take the old one out", () => {
  const line = (state, was, note, said) => ({ state, was, note, said });
  const table = [
    [line("attended", "", "", ""), true, true],
    [line("attended", "", "Stick", ""), true, true],
    [line("attended", "attended", "Stick", ""), true, false],
    [line("attended", "attended", "", "Stick"), true, false],
    [line("attended", "attended", "Stick", "Stick"), false, false],
    [line("", "", "", ""), false, false],
  ];
  for (const [one, locked, unlocked] of table) {
    assert.deepEqual([linesToKeep([one], true).length > 0, linesToKeep([one], false).length > 0], [locked, unlocked]);
  }
});

test("one waits longer after each try, and five minutes at most", () => {
  assert.deepEqual([0, 1, 2, 10].map(waitBefore), [5_000, 10_000, 20_000, 300_000]);
});
