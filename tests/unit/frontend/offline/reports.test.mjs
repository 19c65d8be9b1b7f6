import assert from "node:assert/strict";
import { test } from "node:test";
import { isReport } from "../../../../frontend/assets/js/offline/waits.js";
import { holdReportsWithoutSignal } from "../../../../frontend/assets/js/reports.js";

test("reports and their receipts are waited for, and registers are not", () => {
  for (const path of [
    "/teach/incidents/6f0c/",
    "/teach/classes/7/incident/",
    "/teach/classes/7/concern/",
    "/teach/classes/7/worry/?who=b3",
    "/teach/concerns/sent/k7/",
  ])
    assert.ok(isReport(path), path);
  for (const path of ["/teach/", "/teach/classes/7/register/", "/teach/classes/7/"]) assert.ok(!isReport(path), path);
});

test("a report is held back without signal, with words, and goes when there is one", () => {
  let submit;
  const told = { setAttribute: () => {} };
  const form = { append: () => {}, addEventListener: (_, then) => (submit = then) };
  const page = (pathname, onLine) => {
    globalThis.location = { pathname };
    globalThis.document = { querySelectorAll: () => [form], createElement: () => told };
    Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });
  };
  const sent = () => {
    let goes = true;
    submit({ preventDefault: () => (goes = false) });
    return goes;
  };
  page("/teach/classes/7/register/", false);
  holdReportsWithoutSignal();
  assert.equal(submit, undefined);
  page("/teach/classes/7/incident/", false);
  holdReportsWithoutSignal();
  assert.equal(sent(), false);
  assert.match(told.textContent, /no signal.*still here/);
  page("/teach/classes/7/incident/", true);
  assert.equal(sent(), true);
  assert.equal(told.textContent, "");
});
