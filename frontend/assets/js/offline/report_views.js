// What is written without signal besides marks: somebody at the door, the safety check asked aloud, a report.
// Not here: what is done with it (acts.js), the register (register_view.js). Each view is { title, nodes }.
import { worst } from "./check.js";
import { choices, errorSummary, field, form, h, notice, select, words } from "./dom.js";

/** To the person one came from, where there is one: a register may be long. */
const back = (one, person) =>
  h("p", {}, h("a", { href: `#class-${one.id}${person ? `-person-${person.key}` : ""}` }, "Back to the register"));
const tel = (number) => `tel:${number.replaceAll(" ", "")}`;
const value = (name) => document.getElementById(name).value.trim();
const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value ?? "";
const yesNo = (name) => ({ yes: true, no: false })[chosen(name)];

/** Our number, as every page says it on top, with Relay UK. */
const ours = (about) => [about.phone.cloneNode(true), " (with Relay UK, dial 18001 first)"];

function call999() {
  const link = h("a", { class: "nhsuk-button nhsuk-button--warning", href: "tel:999", draggable: "false" }, "Call 999");
  return [h("p", { class: "sf-kept__act" }, link), h("p", { class: "sf-meta" }, "With Relay UK, dial 18000.")];
}

// --- somebody at the door ----------------------------------------------------

export function walkIn(one, told, acts) {
  const keep = () => acts.addWalkIn(one, { name: value("name"), phone: value("phone") });
  return {
    title: "Somebody came who is not listed",
    ownTop: true,
    nodes: [
      h("h1", {}, "Somebody came who is not listed"),
      told.error && errorSummary(["name", told.error]),
      h("p", { class: "sf-lede" }, `${one.name}, ${one.when}`),
      notice("alert", h("p", {}, h("strong", {}, "They do not exercise yet."), ` ${one.report.not_yet}`)),
      form(
        "Put them on the register",
        keep,
        field({ id: "name", label: "Name", error: told.error, type: "text", value: told.typed.name, maxlength: "200", autocomplete: "off" }),
        field({
          id: "phone",
          label: "Telephone number",
          hint: "Leave it empty if they have none.",
          type: "tel",
          value: told.typed.phone,
          maxlength: "40",
          autocomplete: "off",
        }),
      ),
      h("p", {}, "It stays on this phone, sealed, until there is a signal. Then the desk is asked who they are."),
      back(one),
    ].filter(Boolean),
  };
}

// --- the safety check --------------------------------------------------------

export function check(one, person, told, acts) {
  const { questions } = one;
  const answers = () => Object.fromEntries(all(questions).map(({ id }) => [id, yesNo(`answer_${id}`)]));
  const warning = h("div", { "data-sf-warning": "" });
  const warn = (event) => {
    const result = worst(questions, answers());
    warning.replaceChildren(...(result.stops ? [advice(result, person)] : []));
    event?.target.closest(".nhsuk-form-group").after(warning); // where somebody is looking
  };
  const { missing } = told;
  return {
    title: `Safety check: ${person.name}`,
    ownTop: true,
    drawn: warn,
    nodes: [
      h("h1", {}, "Safety check"),
      missing.length > 0 &&
        errorSummary(...missing.map(({ id, short }) => [`answer_${id}-0`, `Answer yes or no: ${short}`])),
      warning,
      h("p", { class: "sf-lede" }, `Ask ${person.name} aloud, and tap what they say.`),
      form(
        "Keep the answers",
        () => acts.answerCheck(one, person, answers()),
        ...questions.groups.flatMap(([heading, asked]) => [
          h("h2", {}, heading),
          ...asked.map((question) => ask(question, told.typed, missing.includes(question), warn)),
        ]),
      ),
      back(one, person),
    ].filter(Boolean),
  };
}

function ask({ id, ask: words, help, short }, given, isMissing, change) {
  return choices({
    name: `answer_${id}`,
    legend: words,
    hint: help,
    error: isMissing && `Answer yes or no: ${short}`,
    inline: true,
    options: [
      ["yes", "Yes"],
      ["no", "No"],
    ],
    chosen: { true: "yes", false: "no" }[given[id]],
    change,
  });
}

const all = ({ groups }) => groups.flatMap(([, asked]) => asked);

/** What follows, at once: what to say, what to do, whom to call. */
function advice(result, person) {
  const named = (said) => said.replaceAll("{name}", person.first);
  const { call } = result;
  return notice(
    result.stops ? "alert" : result.alert ? "few" : "ok",
    h("h2", { class: "sf-notice__title" }, named(result.heading)),
    h("p", {}, `Say: “${result.aloud}”`),
    h("ul", {}, ...result.steps.map((step) => h("li", {}, named(step)))),
    call &&
      h(
        "p",
        { class: "sf-kept__act" },
        h("a", { class: "nhsuk-button nhsuk-button--warning", href: tel(call.number), draggable: "false" }, call.words),
      ),
    call && h("p", { class: "sf-meta" }, `With Relay UK, dial ${call.relay}.`),
  );
}

export function checked(one, person, result, about) {
  const untold = result.stops
    ? h("p", {}, h("strong", {}, "The desk does not know of it yet."), " Phone them on ", ...ours(about), ".")
    : result.alert && h("p", {}, "Write down what came of the talk if there is a signal before the class ends. If not, tell the desk.");
  return {
    title: `Safety check: ${person.name}`,
    ownTop: true,
    nodes: [
      h("h1", {}, `Safety check: ${person.name}`),
      advice(result, person),
      result.stops &&
        h("p", {}, h("a", { href: `#class-${one.id}-emergency` }, "Where we are, and whom to call for each person")),
      untold,
      h("p", {}, "The answers are kept on this phone, sealed, and looked at again when there is a signal."),
      back(one, person),
    ].filter(Boolean),
  };
}

// --- a report ----------------------------------------------------------------

const FIRST = { kind: "kind-0", harm: "harm-0", called: "called-0" }; // where an error of a choice leads

export function incident(one, about, told, acts) {
  const { kinds, harms } = one.report;
  const { typed: said, errors } = told;
  const keep = () =>
    acts.report(one, {
      kind: chosen("kind"),
      who: value("who"),
      harm: chosen("harm"),
      called_999: yesNo("called"),
      what_happened: value("what_happened"),
      what_was_done: value("what_was_done"),
    });
  const wrong = Object.entries(errors).map(([name, said]) => [name in FIRST ? FIRST[name] : name, said]);
  return {
    title: "Report an incident",
    ownTop: true,
    nodes: [
      h("h1", {}, "Report an incident"),
      wrong.length > 0 && errorSummary(...wrong),
      untold(about, "Is somebody hurt? Do not wait for this form."),
      form(
        "Keep this report",
        keep,
        choices({ name: "kind", legend: "What was it?", options: kinds, chosen: said.kind, error: errors.kind }),
        select("who", "Who is it about?", [["", "Nobody in particular"], ...one.people.map(({ key, name }) => [key, name])], said.who),
        choices({ name: "harm", legend: "How much harm did it do?", options: harms, chosen: said.harm, error: errors.harm }),
        choices({
          name: "called",
          legend: "Was 999 called?",
          inline: true,
          options: [
            ["yes", "Yes"],
            ["no", "No"],
          ],
          chosen: { true: "yes", false: "no" }[said.called_999],
          error: errors.called,
        }),
        words({
          id: "what_happened",
          label: "What happened?",
          hint: "In plain words: what you saw and heard, and about what time.",
          value: said.what_happened,
          error: errors.what_happened,
        }),
        words({ id: "what_was_done", label: "What was done? (optional)", value: said.what_was_done }),
      ),
      notice(
        "quiet",
        h("h2", { class: "sf-notice__title" }, "Is it about somebody’s safety at home or elsewhere?"),
        h("p", {}, "That is not kept on a phone. If somebody is in danger now, call 999. Otherwise phone us on ", ...ours(about), "."),
      ),
      back(one),
    ].filter(Boolean),
  };
}

function untold(about, lead) {
  const words = "Nobody has been told yet. If somebody is hurt, call 999, then us on ";
  return notice("alert", h("p", {}, h("strong", {}, lead), ` ${words}`, ...ours(about), "."), ...call999());
}

/** What is wrong with a report, by field, in the order of the form. The server's rule for a near miss, for words alone. */
export function faultsOf({ kind, harm, called_999, what_happened }, { near_miss, no_harm }) {
  const found = {};
  if (!kind) found.kind = "Select what it was";
  if (!harm) found.harm = "Select how much harm it did";
  else if (kind === near_miss && harm !== no_harm) {
    found.harm = "A near miss did no harm. Select “No harm”, or another kind above";
  }
  if (called_999 === undefined) found.called = "Select whether 999 was called";
  if (!what_happened) found.what_happened = "Write what happened";
  return found;
}

/** `stands`: "waits", "refused", or "sent". */
export function reported(one, stands, about) {
  const waits = stands === "waits";
  if (stands === "refused") return notRecorded(one, about);
  return {
    title: waits ? "Kept on this phone" : "Sent",
    ownTop: true,
    nodes: [
      h("h1", {}, waits ? "Kept on this phone" : "Sent"),
      waits && untold(about, "Your report waits for a signal."),
      waits
        ? h("p", {}, "It is sealed, and sent by itself when there is a signal. Only then is somebody asked to look into it, and whoever is on call told where it cannot wait. Keep this phone with you.")
        : h("p", {}, "Somebody at the desk is asked to look into it, and whoever is on call is told where it cannot wait."),
      h("p", {}, "It cannot be changed any more. With a signal you can add to it from the page of the class."),
      back(one),
    ].filter(Boolean),
  };
}

function notRecorded(one, about) {
  const lead = "It could not be recorded: phone us now on ";
  return {
    title: "Not recorded",
    ownTop: true,
    nodes: [
      h("h1", {}, "Not recorded"),
      notice("alert", h("p", {}, h("strong", {}, lead), ...ours(about), ". If somebody is hurt, call 999 first."), ...call999()),
      back(one),
    ],
  };
}
