// How it went for one person, written without signal: the words of the ordinary page (frontend/session_notes.py), which
// come with the register. Nothing that was written before is here: the server puts this under it.
import { errorSummary, field, form, h, words } from "./dom.js";

const PARTS = ["plan", "adaptation", "next_time", "for_colleagues"];
const value = (name) => document.getElementById(name).value.trim();

/** Whether how it went can be written of somebody: they came, and are more than a name. */
export const takesNote = (one, person, state) => person.asks && one.note.of.includes(state);

/** Whoever comes next on the register and has no note yet; from the top again at its end. */
export function nextToNote(one, lines, key) {
  const place = lines.findIndex(({ person }) => person.key === key);
  const turn = [...lines.slice(place + 1), ...lines.slice(0, Math.max(place, 0))];
  return turn.find(({ person, state }) => takesNote(one, person, state) && !person.noted)?.person ?? null;
}

/** What is wrong with a note, by field. */
export function noteFaults(typed, { asked, effort: [least, most] }) {
  const { effort } = typed;
  if (effort !== "" && !(/^\d+$/.test(effort) && effort >= least && effort <= most)) {
    return { effort: `${asked.effort} Enter a whole number from ${least} to ${most}` };
  }
  return effort === "" && !PARTS.some((part) => typed[part]) ? { plan: "Write at least one answer, or leave this person out" } : {};
}

export function howItWent(one, person, next, told, acts) {
  const { asked, hints, longest } = one.note;
  const { typed, errors } = told;
  const named = (said) => said?.replaceAll("{name}", person.first);
  const part = (id) =>
    words({ id, label: asked[id], hint: named(hints[id]), value: typed[id], error: errors[id], rows: "2", maxlength: String(longest) });
  const keep = () => acts.writeNote(one, person, next, Object.fromEntries(["effort", ...PARTS].map((id) => [id, value(id)])));
  const wrong = Object.entries(errors);
  return {
    title: `How it went: ${person.name}`,
    ownTop: true,
    nodes: [
      h("h1", {}, `How it went: ${person.name}`),
      wrong.length > 0 && errorSummary(...wrong),
      h("p", { class: "sf-lede" }, `${one.name}, ${one.when}`),
      person.noted && h("p", {}, "Something is written already. It is not on this phone: what you write now is put under it."),
      form(
        next ? `Keep, then ${next.first}` : "Keep",
        keep,
        h("h2", {}, `${person.first} reads this`),
        h("p", {}, "On their own pages, once the class is over. Every answer may be left out."),
        part("plan"),
        field({
          id: "effort",
          label: asked.effort,
          hint: hints.effort,
          error: errors.effort,
          type: "text",
          inputmode: "numeric",
          maxlength: "3",
          class: "nhsuk-input nhsuk-input--width-3",
          value: typed.effort,
          autocomplete: "off",
        }),
        part("adaptation"),
        part("next_time"),
        h("h2", {}, "Staff alone read this"),
        part("for_colleagues"),
      ),
      h("p", {}, "It stays on this phone, sealed, and is sent by itself when there is a signal."),
      next && h("p", {}, h("a", { href: `#class-${one.id}-note-${next.key}` }, `Leave ${person.first} out, go on to ${next.first}`)),
      h("p", {}, h("a", { href: `#class-${one.id}-person-${person.key}` }, "Back to the register")),
    ].filter(Boolean),
  };
}
