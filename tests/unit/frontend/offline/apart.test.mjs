import assert from "node:assert/strict";
import { test } from "node:test";
import { apart } from "../../../../frontend/assets/js/offline/views.js";

/** An element that knows its words alone. */
function element() {
  const words = [];
  return {
    append: (...more) => words.push(...more),
    setAttribute: () => {},
    addEventListener: () => {},
    toString: () => words.join(""),
  };
}

const told = (fates, mayRead = true) => {
  globalThis.document = { createElement: element };
  const items = fates.map((fate) => ({ kind: "mark", fate, state: "attended", at: 0 }));
  return String(apart({ apart: items, mayRead, phone: { cloneNode: () => "0123" } }, { readApart: () => {} }));
};

test("the desk is said to ask only where it was told, and is to be phoned where it was not", () => {
  assert.match(told(["with_desk"]), /1 mark could not be recorded. The desk asks you about it/);
  assert.match(told(["differs"]), /marked differently on another device.*The desk asks you which is right/);
  for (const fate of ["not_yours", "unreadable"]) {
    assert.match(told([fate]), /1 mark could not be recorded. Nobody else knows of it: phone the desk on 0123/);
    assert.doesNotMatch(told([fate]), /The desk asks/);
  }
  assert.match(told(["unreadable"]), /I have read this/);
  assert.doesNotMatch(told(["unreadable"], false), /I have read this/);
});
