import assert from "node:assert/strict";
import { test } from "node:test";
import { mayAsk, saidOf, unanswered, worst } from "../../../../frontend/assets/js/offline/check.js";
import { faultsOf } from "../../../../frontend/assets/js/offline/report_views.js";

const results = [
  { id: "ready", stops: false, alert: "", label: ["Safety check: ready", "ok"] },
  { id: "talk", stops: false, alert: "Talk with {name} first.", label: ["Safety check: talk first", "alert"] },
  { id: "stop", stops: true, alert: "{name} does not exercise.", label: ["Safety check: stopped", "alert"] },
];
const groups = [
  ["Today", [{ id: "a", result: "stop" }]],
  [
    "Lately",
    [
      { id: "b", result: "talk" },
      { id: "c", result: "stop" },
    ],
  ],
];

test("one yes is enough, the worst counts, and what is not answered is named in its order", () => {
  const table = [
    [{}, "ready", ["a", "b", "c"]],
    [{ a: false, b: false, c: false }, "ready", []],
    [{ a: false, b: true }, "talk", ["c"]],
    [{ b: true, c: true }, "stop", ["a"]],
    [{ a: "yes", b: true, c: undefined }, "talk", ["a", "c"]],
  ];
  for (const [answers, comesTo, missing] of table) {
    assert.equal(worst({ groups, results }, answers).id, comesTo);
    assert.deepEqual(
      unanswered({ groups }, answers).map(({ id }) => id),
      missing,
    );
  }
});

test("newer answers take the place of what the register said before, and nothing else", () => {
  const pat = { first: "Pat", alerts: ["Not cleared", "Talk with Pat first."] };
  const stopped = saidOf({ results }, pat, results[2], "8:12am");
  assert.deepEqual(stopped.alerts, ["Not cleared", "Pat does not exercise."]);
  assert.deepEqual([stopped.check, stopped.stopped], [["Safety check: stopped at 8:12am", "alert"], true]);
  assert.deepEqual(saidOf({ results }, pat, results[0], "8:12am").alerts, ["Not cleared"]);
});

test("the questions are asked while they may be answered, of somebody who is known and not stopped", () => {
  const register = { check_from: 10, check_until: 20 };
  const table = [
    [{ asks: true }, 10, true],
    [{ asks: true }, 9, false],
    [{ asks: true }, 20, false],
    [{ asks: false }, 15, false],
    [{ asks: true, stopped: true }, 15, false],
  ];
  for (const [person, now, may] of table) assert.equal(Boolean(mayAsk(register, person, now)), may);
});

test("a report says what is missing, and a near miss did no harm", () => {
  const whole = { kind: "near_miss", harm: "none", called_999: false, what_happened: "A chair slid" };
  const faults = (more) => Object.keys(faultsOf({ ...whole, ...more }, { near_miss: "near_miss", no_harm: "none" }));
  assert.deepEqual(faults({}), []);
  assert.deepEqual(faults({ harm: "low" }), ["harm"]);
  assert.deepEqual(faults({ harm: "low", kind: "incident" }), []);
  assert.deepEqual(
    faults({ kind: "", harm: "", called_999: undefined, what_happened: "" }),
    ["kind", "harm", "called", "what_happened"],
  );
});
