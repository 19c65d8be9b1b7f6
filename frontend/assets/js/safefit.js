// Makes the pages better; none of them needs it.
// Here: only the parts of the design system that the pages use.
import { Button } from "nhsuk-frontend/dist/nhsuk/components/button/button.mjs";
import { CharacterCount } from "nhsuk-frontend/dist/nhsuk/components/character-count/character-count.mjs";
import { Checkboxes } from "nhsuk-frontend/dist/nhsuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "nhsuk-frontend/dist/nhsuk/components/error-summary/error-summary.mjs";
import { Radios } from "nhsuk-frontend/dist/nhsuk/components/radios/radios.mjs";
import { SkipLink } from "nhsuk-frontend/dist/nhsuk/components/skip-link/skip-link.mjs";
import { warnBeforeTheEnd } from "./idle.js";
import { warnBeforeSigningOut, wipeForOthers } from "./kept.js";
import { unfoldForPaper } from "./print.js";
import { holdReportsWithoutSignal } from "./reports.js";

// A radio may not carry aria-expanded; what it reveals follows it in reading order anyway.
class RevealingRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
for (const Part of [Button, CharacterCount, Checkboxes, ErrorSummary, RevealingRadios, SkipLink]) {
  for (const element of document.querySelectorAll(`[data-module="${Part.moduleName}"]`)) {
    new Part(element);
  }
}
unfoldForPaper();
warnBeforeTheEnd();
holdReportsWithoutSignal();
if (globalThis.localStorage && globalThis.indexedDB) {
  wipeForOthers();
  warnBeforeSigningOut();
}
