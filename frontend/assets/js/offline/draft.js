// What was typed and not kept yet, held in memory alone while the PIN is asked. Not here: when (shell.js).
const FIELDS = "form input, form textarea, form select";
const isChoice = ({ type }) => type === "radio" || type === "checkbox";

export function readDraft(place) {
  return new Map([...place.querySelectorAll(FIELDS)].map((one) => [one.id, isChoice(one) ? one.checked : one.value]));
}

export function fillIn(place, draft) {
  for (const one of place.querySelectorAll(FIELDS)) {
    if (draft.has(one.id)) one[isChoice(one) ? "checked" : "value"] = draft.get(one.id);
  }
}
