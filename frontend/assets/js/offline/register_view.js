// A saved register as it looks: the cards of the ordinary page, marks that are kept at once, and whom to call.
// Not here: what a mark does (shell.js).
import { button, errorSummary, field, h, hidden, notice } from "./dom.js";
import { mayAsk } from "./check.js";
import { ours } from "./clock.js";
import { takesNote } from "./note_view.js";
import { clock, count } from "./words.js";

export function countWords(people, waiting) {
  const marked = people.filter((person) => person.state).length;
  return `${marked} of ${people.length} marked${waiting ? `, ${waiting} not sent yet` : ""}`;
}

/** Why this page is shown, and the way on: it is shown at the address of another one. */
export function signal(about, told) {
  const [tone, strong, then] = told.answered
    ? ["ok", "There is a signal again.", "Open the page you wanted"]
    : ["quiet", "No signal, or SafeFit does not answer.", "Try again"];
  const box = notice(tone, h("p", {}, h("strong", {}, strong), " ", h("a", { href: location.pathname }, then)));
  box.setAttribute("data-sf-signal", "");
  box.setAttribute("role", "status");
  return box;
}

/** Nobody marks somebody as there with all the others who was told to stop, or whom nobody knows yet. */
const isOpen = ({ person, state }) => !state && !person.stopped && !person.unknown;

export function register(one, lines, started, about, told, acts) {
  for (const { person, state, tick } of lines) Object.assign(person, { state, tick });
  const open = lines.filter(isOpen);
  return {
    ownTop: true,
    title: `Register: ${one.name}`,
    nodes: [
      h("h1", {}, "Register"),
      h("p", { class: "sf-lede" }, `${one.name}, ${one.when}, ${one.place}`),
      about.elsewhere && signal(about, told),
      h("p", {}, `Saved at ${clock(one.savedAt)}; what has changed since then is not here.`),
      !started &&
        h(
          "div",
          { class: "sf-notice sf-notice--quiet" },
          h("p", {}, "You can mark the register from the start of the class."),
        ),
      photos(one),
      !one.shows_facts &&
        h(
          "p",
          { class: "sf-register__hint" },
          "What people need is shown from 24 hours before the class, with a signal.",
        ),
      lines.length
        ? h("div", { class: "sf-register" }, ...lines.map((line) => card(one, line, started, acts)))
        : h("p", {}, "Nobody had a place when this was saved."),
      ...(one.came ?? []).map(({ name }) => cameCard(one, name)),
      h(
        "div",
        { class: "sf-register__bar" },
        h("p", { role: "status", "data-sf-register-count": "" }, countWords(one.people, about.waiting.waiting)),
        h(
          "a",
          { class: "nhsuk-button nhsuk-button--warning", href: `#class-${one.id}-emergency`, draggable: "false" },
          "Emergency",
        ),
      ),
      started &&
        open.length > 1 &&
        h(
          "p",
          {},
          h(
            "a",
            { class: "nhsuk-button nhsuk-button--secondary", href: `#class-${one.id}-rest`, draggable: "false" },
            "Mark all not yet marked",
          ),
        ),
      h("p", {}, h("a", { href: `#class-${one.id}-walkin` }, "Somebody came who is not listed")),
      h(
        "section",
        { class: "sf-report", "aria-labelledby": "something-wrong" },
        h("h2", { id: "something-wrong" }, "Is something wrong?"),
        h("p", {}, "In an emergency, call 999 first."),
        h("ul", {}, h("li", {}, h("a", { href: `#class-${one.id}-incident` }, "Report an incident"))),
      ),
      h("p", {}, h("a", { href: "#" }, "Back to the saved registers")),
    ].filter(Boolean),
  };
}

/** Of whom photos may be made, as it stood when this was saved; nobody at the door was asked. */
function photos(one) {
  if (!one.photos || !one.people.length) return null;
  const door = (one.came ?? []).length > 0 && " Whoever came without booking has not agreed.";
  return h("p", { class: "sf-register__hint" }, one.photos, door);
}

function card(one, { person }, started, acts) {
  const stop = person.alerts.length > 0;
  const also = [...person.also, !started && person.tick !== null && one.comes_along].filter(Boolean);
  const went = started && person.asks && noteLink(one, person);
  const choose = (state) => {
    if (went) went.hidden = !takesNote(one, person, state);
    return acts.mark(one, person, state);
  };
  return h(
    "article",
    { class: `sf-person${stop ? " sf-person--stop" : ""}`, id: `person-${person.key}` },
    h(
      "div",
      { class: "sf-person__who" },
      h("h2", { class: "sf-person__name" }, person.name),
      ...person.alerts.map((words) => h("p", { class: "sf-person__stop" }, words)),
      person.check &&
        h(
          "p",
          { class: "sf-person__note" },
          h("strong", { class: `sf-tag sf-tag--${person.check[1]}` }, person.check[0]),
        ),
      mayAsk(one, person, ours(one, Date.now())) &&
        h(
          "p",
          { class: "sf-row-actions" },
          h(
            "a",
            { href: `#class-${one.id}-check-${person.key}` },
            person.answered ? "Ask the safety check again" : "Ask the safety check aloud",
            hidden(`: ${person.name}`),
          ),
        ),
      chips(`Access needs of ${person.name}`, person.needs, "wait"),
      chips(`What to change for ${person.name}`, person.changes, "change"),
      ...person.notes.map((words) => h("p", { class: "sf-person__note" }, words)),
      h(
        "div",
        { class: "sf-person__line" },
        also.length > 0 && h("p", { class: "sf-meta" }, also.join(" · ")),
        went,
        (person.contact || started) && more(one, person, started, acts),
      ),
    ),
    started &&
      h(
        "div",
        { tabindex: "-1" },
        marks(`state_${person.key}`, `Mark for ${person.name}`, one.marks, person.state, choose),
      ),
    started &&
      person.tick !== null &&
      h(
        "div",
        { class: "sf-person__companion" },
        marks(`companion_${person.key}`, `Who comes along with ${person.name}`, one.ticks, person.tick, (came) =>
          acts.tick(one, person, came),
        ),
      ),
  );
}

/** Shown while the mark says that they came; its room is kept all the time, so that no mark moves under a thumb. */
function noteLink(one, person) {
  const words = person.noted ? "Add to how it went" : "Write how it went";
  const more = { class: "sf-person__went", hidden: !takesNote(one, person, person.state) };
  return h("a", { href: `#class-${one.id}-note-${person.key}`, ...more }, words, hidden(`: ${person.name}`));
}

/** Somebody at the door, as they were typed here. */
function cameCard(one, name) {
  return h(
    "article",
    { class: "sf-person sf-person--stop" },
    h(
      "div",
      { class: "sf-person__who" },
      h("h2", { class: "sf-person__name" }, name),
      h("p", { class: "sf-person__stop" }, one.report.unknown),
      h("p", { class: "sf-meta" }, "Came without booking"),
    ),
  );
}

function more(one, person, started, acts) {
  const words = [person.contact && "contact", started && "note"].filter(Boolean).join(", ");
  const id = `note_${person.key}`;
  const keep = async () => {
    const note = document.getElementById(id).value.trim();
    const said = document.getElementById(`${id}-said`);
    if (!person.state) said.textContent = `Mark ${person.name} first.`;
    else if (note === person.note) said.textContent = "Nothing has changed.";
    else {
      if (await acts.mark(one, person, person.state, note)) said.textContent = "The note is kept.";
    }
  };
  return h(
    "details",
    { class: "sf-person__more" },
    h("summary", {}, words[0].toUpperCase() + words.slice(1), hidden(`: ${person.name}`)),
    person.contact && contact(person),
    person.reference && h("p", { class: "sf-meta" }, `Reference ${person.reference}`),
    started &&
      field({
        id,
        label: `Note about ${person.name}`,
        type: "text",
        maxlength: "200",
        value: person.note || false,
        autocomplete: "off",
      }),
    started && button("Keep the note", keep, "secondary"),
    started && h("p", { role: "status", id: `${id}-said` }),
  );
}

function contact(person, before = "Emergency: ") {
  const { words, number, link } = person.contact;
  return h(
    "p",
    { class: "sf-contact" },
    `${before}${words}`,
    number && ", ",
    number && h("a", { class: "sf-number-link", href: link }, number),
    number && h("span", { class: "sf-meta" }, ` With Relay UK: dial 18002 then ${number}.`),
  );
}

function chips(label, words, tone) {
  if (!words.length) return null;
  return h(
    "ul",
    { class: "sf-chips", "aria-label": label },
    ...words.map((word) => h("li", { class: `sf-chips__one sf-chips__one--${tone}` }, word)),
  );
}

function marks(name, legend, options, chosen, choose) {
  const option = ([value, words]) =>
    h(
      "label",
      { for: `${name}-${value}` },
      h("input", {
        type: "radio",
        id: `${name}-${value}`,
        name,
        value,
        checked: value === chosen,
        change: () => choose(value),
      }),
      words,
    );
  return h(
    "fieldset",
    { class: "sf-marks" },
    h("legend", { class: "nhsuk-u-visually-hidden" }, legend),
    h("div", { class: "sf-marks__row" }, ...options.map(option)),
  );
}

/** Asks before it marks everybody who has no mark, and names them (pitfall 51). */
export function rest(one, lines, told, acts) {
  const people = lines.filter(isOpen).map(({ person }) => person);
  let chosen = "";
  return {
    title: "Mark all not yet marked",
    nodes: [
      h("h1", {}, "Mark all not yet marked"),
      told.error && errorSummary(["rest-attended", told.error]),
      h("p", { class: "sf-lede" }, `${one.name}, ${one.when}`),
      h(
        "p",
        {},
        people.length ? `${count(people.length, "person has", "people have")} no mark yet:` : "Everybody has a mark.",
      ),
      h("ul", {}, ...people.map((person) => h("li", {}, person.name))),
      people.length > 0 && h("h2", {}, "How should they be marked?"),
      people.length > 0 && marks("rest", "How should they be marked?", one.marks, "", (state) => (chosen = state)),
      people.length > 0 &&
        h(
          "p",
          { class: "sf-kept__act" },
          button(`Mark ${count(people.length, "person", "people")}`, () => acts.markRest(one, people, chosen)),
        ),
      h("p", {}, h("a", { href: `#class-${one.id}` }, "Back to the register")),
    ].filter(Boolean),
  };
}

const SAY = "Say: “Ambulance. Somebody has collapsed”, or what has happened. Say whether they are awake and breathing.";
const THEN = "Then call the person’s contact.";
const IN_A_HALL = [
  SAY,
  "Say where you are, as below. Send somebody to the entrance to meet the ambulance.",
  "Send somebody for the defibrillator. Do what 999 tells you, and stay on the line.",
  THEN,
];
const AWAY = [
  SAY,
  "Give the address where the person is: below, or ask them. Say that you are not with them.",
  "Do what 999 tells you, and stay on the line.",
  THEN,
];

/** What to do when somebody is not seen any more, online; empty for a talk by telephone. */
function outOfView(steps) {
  const step = ([what, how]) => h("li", {}, h("strong", {}, `${what}.`), ` ${how}`);
  if (!steps.length) return null;
  return h("section", {}, h("h2", {}, "If somebody drops out of view"), h("ol", {}, ...steps.map(step)));
}

/** One tap from the register: what to say to 999, where the hall or the person is, and whom to call for each person. */
export function emergency(one) {
  return {
    ownTop: true,
    title: "Emergency",
    nodes: [
      h("h1", {}, "Emergency"),
      h(
        "p",
        {},
        h("a", { class: "nhsuk-button nhsuk-button--warning", href: "tel:999", draggable: "false" }, "Call 999"),
      ),
      h("p", { class: "sf-meta" }, "With Relay UK, dial 18000."),
      h("ol", {}, ...(one.emergency.length ? IN_A_HALL : AWAY).map((step) => h("li", {}, step))),
      one.emergency.length
        ? h(
            "dl",
            { class: "sf-facts" },
            ...one.emergency.map(([name, words]) =>
              h("div", { class: "sf-facts__row" }, h("dt", {}, name), h("dd", {}, words)),
            ),
          )
        : outOfView(one.out_of_view ?? []),
      h("h2", {}, "Whom to call"),
      ...one.people.map((person) =>
        h(
          "div",
          { class: "sf-kept__contact" },
          h("h3", {}, person.name),
          ...(person.where ?? []).map((words) => h("p", {}, words)),
          !one.emergency.length && person.address === false && h("p", {}, `Where ${person.first} is was not said: ask.`),
          person.contact ? contact(person, "") : h("p", {}, "No contact is saved."),
        ),
      ),
      h("p", {}, h("a", { href: `#class-${one.id}-incident` }, "Report an incident")),
      h("p", {}, h("a", { href: `#class-${one.id}` }, "Back to the register")),
    ].filter(Boolean),
  };
}
