import assert from "node:assert/strict";
import { test } from "node:test";
import { warnBeforeSigningOut, wipeForOthers } from "../../../../frontend/assets/js/kept.js";

/** A page drawn for `drawnFor` (undefined: it does not say) in a browser that keeps something for `kept`. */
function page(kept, drawnFor, { leaving = false, mayKeep = true } = {}) {
  const stored = new Map(kept ? [["safefit-kept", kept]] : []);
  if (leaving) stored.set("safefit-leaving", "yes");
  const wiped = [];
  globalThis.localStorage = { getItem: (name) => stored.get(name) ?? null, removeItem: (name) => stored.delete(name) };
  globalThis.fetch = async () => {
    if (mayKeep === null) throw new TypeError("no signal");
    return { json: async () => ({ keep: mayKeep }) };
  };
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

test("a page for anybody else wipes registers; one for nobody only after signing out, or when they may be kept no more", async () => {
  const table = [
    ["ines", "ines", {}, false],
    ["ines", "ivor", {}, true],
    ["ines", "-", {}, true],
    ["ines", "", {}, false], // the session has run out: what is saved stays, under its PIN
    ["ines", "", { mayKeep: null }, false], // and so it does where nobody answers
    ["ines", "", { mayKeep: undefined }, false], // or says neither yes nor no
    ["ines", "", { leaving: true }, true],
    ["ines", "", { mayKeep: false }, true],
    ["ines", undefined, { leaving: true, mayKeep: false }, false],
    [null, "", { leaving: true }, false],
    [null, "ines", {}, false],
  ];
  for (const [kept, drawnFor, more, wipes] of table) {
    const { stored, wiped } = page(kept, drawnFor, more);
    await wipeForOthers();
    const which = `${kept} ${drawnFor} ${JSON.stringify(more)}`;
    assert.deepEqual(wiped, wipes ? ["safefit-register"] : [], which);
    assert.equal(stored.has("safefit-kept"), Boolean(kept) && !wipes, which);
    assert.equal(stored.has("safefit-leaving"), drawnFor === undefined && Boolean(more.leaving), which);
  }
});

test("signing out is asked about while something waits, and goes on without a word when nothing does", () => {
  for (const [unsent, sure, goes, asks] of [
    [null, false, true, false],
    ["0", false, true, false],
    ["1", false, false, true],
    ["2", true, true, true],
  ]) {
    let submit,
      prevented = false;
    const asked = [];
    const stored = [];
    globalThis.localStorage = { getItem: () => unsent, setItem: (name) => stored.push(name) };
    globalThis.document = { querySelectorAll: () => [{ addEventListener: (_, then) => (submit = then) }] };
    globalThis.confirm = (words) => (asked.push(words), sure);
    warnBeforeSigningOut();
    submit({ preventDefault: () => (prevented = true) });
    assert.equal(prevented, !goes);
    assert.deepEqual(stored, goes ? ["safefit-leaving"] : []);
    assert.equal(asked.length, asks ? 1 : 0);
    if (asks) assert.match(asked[0], unsent === "1" ? /^1 entry is not sent/ : /^2 entries are not sent/);
  }
});
