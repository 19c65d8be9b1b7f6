import assert from "node:assert/strict";
import { test } from "node:test";
import { warnBeforeSigningOut, wipeForOthers } from "../../../../frontend/assets/js/kept.js";

/** A page drawn for `drawnFor` (undefined: it does not say) in a browser that keeps something for `kept`. */
function page(kept, drawnFor) {
  const stored = new Map(kept ? [["safefit-kept", kept]] : []);
  const wiped = [];
  globalThis.localStorage = { getItem: (name) => stored.get(name) ?? null, removeItem: (name) => stored.delete(name) };
  globalThis.indexedDB = {
    deleteDatabase: (name) => ({
      set onsuccess(then) {
        (wiped.push(name), then());
      },
    }),
  };
  globalThis.document = { body: { dataset: drawnFor === undefined ? {} : { sfKeeper: drawnFor } } };
  return { stored, wiped };
}

test("a page for anybody else or for nobody wipes registers, and one that knows nobody wipes none", () => {
  const table = [
    ["ines", "ines", false],
    ["ines", "ivor", true],
    ["ines", "", true],
    ["ines", undefined, false],
    [null, "", false],
    [null, "ines", false],
  ];
  for (const [kept, drawnFor, wipes] of table) {
    const { stored, wiped } = page(kept, drawnFor);
    wipeForOthers();
    assert.deepEqual(wiped, wipes ? ["safefit-register"] : [], `${kept} ${drawnFor}`);
    assert.equal(stored.has("safefit-kept"), Boolean(kept) && !wipes);
  }
});

test("signing out is asked about while marks wait, and goes on without a word when none do", () => {
  for (const [unsent, sure, goes, asks] of [
    [null, false, true, false],
    ["0", false, true, false],
    ["1", false, false, true],
    ["2", true, true, true],
  ]) {
    let submit,
      prevented = false;
    const asked = [];
    globalThis.localStorage = { getItem: () => unsent };
    globalThis.document = { querySelectorAll: () => [{ addEventListener: (_, then) => (submit = then) }] };
    globalThis.confirm = (words) => (asked.push(words), sure);
    warnBeforeSigningOut();
    submit({ preventDefault: () => (prevented = true) });
    assert.equal(prevented, !goes);
    assert.equal(asked.length, asks ? 1 : 0);
    if (asks) assert.match(asked[0], unsent === "1" ? /^1 mark is not sent/ : /^2 marks are not sent/);
  }
});
