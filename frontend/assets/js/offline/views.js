// How the page without signal looks: the views around the register. Not here: the register itself (register_view.js),
// what is done (shell.js). A view is { title, nodes }; `acts` are what its buttons do.
import { button, errorSummary, field, form, h, notice } from "./dom.js";
import { TRIES } from "./pin.js";
import { signal } from "./register_view.js";
import { clock, count, countKinds, kindWords, waitingWords } from "./words.js";

export { countWords, emergency, register, rest, signal } from "./register_view.js";
export * from "./note_view.js";
export * from "./report_views.js";

/** What stands around every view: that there is no signal, what waits, what was set apart. */
export function around(about, told, view, acts) {
  const [heading, ...others] = view.nodes;
  if (view.ownTop) return [...view.nodes, waitingBox(about, told, acts)]; // what somebody came for stands first
  return [heading, about.elsewhere && signal(about, told), waitingBox(about, told, acts), ...others].filter(Boolean);
}

/** Said at once and on top, where a telephone keeps nothing more. */
export function sayNotKept(place, phone) {
  const words = " It is full, or the window is a private one. Write it on paper, and phone us on ";
  const relay = " (with Relay UK, dial 18001 first).";
  const box = notice("alert", h("p", {}, h("strong", {}, "This phone did not keep it."), words, phone, relay));
  box.dataset.sfNotKept = "";
  box.setAttribute("tabindex", "-1");
  place.querySelector("[data-sf-not-kept]")?.remove();
  place.querySelector("h1").after(box);
  box.focus();
}

export function waitingBox(about, told, acts) {
  const box = h("div", { role: "status", "data-sf-waiting": "" });
  const words = waitingWords(about.waiting, told.outcome);
  const { incident } = about.waiting.kinds;
  if (incident) words.unshift(`Nobody has been told of your ${incident === 1 ? "report" : "reports"} yet. If somebody is hurt, call 999.`);
  if (words.length) {
    const inside = notice(incident ? "alert" : "few", ...words.map((one) => h("p", {}, one)));
    const own = about.waiting.waiting > about.waiting.others;
    if (own && told.outcome === "signed-out") inside.append(h("p", {}, h("a", { href: about.home }, "Sign in")));
    else if (own) inside.append(button("Send now", acts.sendNow, "secondary"));
    box.append(inside);
  }
  if (about.apart.length) box.append(apart(about, acts));
  return box;
}

export function apart(about, acts) {
  const differ = about.apart.filter((item) => item.fate === "differs");
  const box = notice("alert");
  if (differ.length) {
    const who = `${count(differ.length, "person was", "people were")} marked differently on another device.`;
    box.append(h("p", {}, h("strong", {}, who), " Both marks are kept. The desk asks you which is right."));
  }
  const withDesk = about.apart.filter((item) => item.fate === "with_desk");
  const unasked = about.apart.filter((item) => !["differs", "with_desk"].includes(item.fate));
  for (const [items, words] of [
    [withDesk, ` The desk asks you about ${withDesk.length === 1 ? "it" : "them"}. You can also phone the desk on `],
    [unasked, ` Nobody else knows of ${unasked.length === 1 ? "it" : "them"}: phone the desk on `],
  ]) {
    if (!items.length) continue;
    const phone = [about.phone.cloneNode(true), " (with Relay UK, dial 18001 first)."];
    const what = `${countKinds(kindsOf(items))} could not be recorded.`;
    box.append(h("p", {}, h("strong", {}, what), words, ...phone), h("ul", {}, ...items.map(itemOf)));
  }
  if (about.mayRead) box.append(button("I have read this", acts.readApart, "secondary"));
  return box;
}

function kindsOf(items) {
  const kinds = {};
  for (const { kind } of items) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

function itemOf({ kind, state, at }) {
  const what = kind === "mark" ? `${state.replaceAll("_", " ")}, marked` : `${kindWords(kind)}, written`;
  return h("li", {}, `${what} at ${clock(at)}`);
}

export function choosePin(about, told, acts) {
  const typed = () => document.getElementById("pin").value;
  const wiped =
    told.wiped &&
    notice(
      "alert",
      h(
        "p",
        {},
        h("strong", {}, "What was saved is wiped,"),
        ` because a wrong PIN was given ${TRIES} times. What waits to be sent is still here.`,
      ),
    );
  const signIn = h("a", { href: about.home }, "Sign in");
  const stranger = told.stranger && notice("few", h("p", {}, signIn, " as an instructor first, then choose a PIN."));
  return {
    title: "Choose a PIN",
    nodes: [
      h("h1", {}, "Choose a PIN"),
      told.error && errorSummary(["pin", told.error]),
      wiped,
      stranger,
      h(
        "p",
        {},
        "With a PIN, your registers are saved on this phone whenever you open My teaching with a signal. Without a signal they open here.",
      ),
      h(
        "p",
        {},
        "The PIN is for this phone alone. You are asked for it when you open a saved register. We do not know it, and cannot find it out.",
      ),
      form(
        "Choose this PIN",
        () => acts.choosePin(typed()),
        field({
          id: "pin",
          label: "PIN",
          hint: "6 numbers or more, that nobody would guess.",
          error: told.error,
          type: "text",
          inputmode: "numeric",
          autocomplete: "off",
          maxlength: "12",
        }),
      ),
      h("p", {}, h("a", { href: about.home }, "Go to My teaching")),
    ].filter(Boolean),
  };
}

export function enterPin(about, told, acts) {
  const typed = () => document.getElementById("pin").value;
  return {
    title: "Enter your PIN",
    nodes: [
      h("h1", {}, "Enter your PIN"),
      told.error && errorSummary(["pin", told.error]),
      h(
        "p",
        {},
        `${count(about.kept, "register is", "registers are")} saved on this phone${about.saved ? `, at ${clock(about.saved.at)}` : ""}.`,
      ),
      form(
        "Open",
        () => acts.enterPin(typed()),
        field({
          id: "pin",
          label: "PIN",
          error: told.error,
          type: "password",
          inputmode: "numeric",
          autocomplete: "off",
          maxlength: "12",
        }),
      ),
      h(
        "details",
        { class: "nhsuk-details" },
        h(
          "summary",
          { class: "nhsuk-details__summary" },
          h("span", { class: "nhsuk-details__summary-text" }, "I do not know my PIN"),
        ),
        h(
          "div",
          { class: "nhsuk-details__text" },
          h(
            "p",
            {},
            "What is saved can then not be opened. Wipe it and choose another PIN; with a signal it is saved again. What waits to be sent stays, with its notes.",
          ),
          button("Wipe and choose another PIN", acts.forgetPin, "secondary"),
        ),
      ),
    ].filter(Boolean),
  };
}

export function nothingKept(about) {
  return {
    title: "Saved registers",
    nodes: [
      h("h1", {}, "Saved registers"),
      h(
        "div",
        { class: "sf-empty" },
        h(
          "p",
          {},
          "No register is saved on this phone. Registers are saved when you open My teaching with a signal, two days before a class at the earliest, and wiped a day after it.",
        ),
        h(
          "p",
          {},
          h(
            "a",
            { class: "nhsuk-button nhsuk-button--secondary", href: about.home, draggable: "false" },
            "Go to My teaching",
          ),
        ),
      ),
    ],
  };
}

const WHY = {
  expired: "What was saved of a class before is over its time, and wiped.",
  clock:
    "This phone’s clock is earlier than it was before. Nothing opens until it is right. If it is right already, open My teaching with a signal.",
};

export function list(about, opened) {
  const why = [...new Set(opened.why)];
  return {
    title: "Saved registers",
    nodes: [
      h("h1", {}, "Saved registers"),
      h(
        "p",
        { class: "sf-lede" },
        about.saved ? `Saved for offline at ${clock(about.saved.at)}.` : "Saved on this phone.",
      ),
      ...why.map((reason) => notice(reason === "clock" ? "alert" : "quiet", h("p", {}, WHY[reason]))),
      opened.registers.length
        ? h("section", { class: "sf-day" }, h("ul", {}, ...opened.registers.map(row)))
        : !why.length && h("p", {}, "No class of yours is saved."),
      h("p", {}, h("a", { href: about.home }, "Go to My teaching")),
    ].filter(Boolean),
  };
}

function row(register) {
  const link = h(
    "a",
    { class: "nhsuk-button", href: `#class-${register.id}`, draggable: "false" },
    "Open the register",
    h("span", { class: "nhsuk-u-visually-hidden" }, ` ${register.name}, ${register.when}`),
  );
  const people = register.people.length ? count(register.people.length, "person", "people") : "nobody booked";
  return h(
    "li",
    { class: "sf-kept" },
    h("h2", { class: "sf-kept__name" }, register.name),
    h("p", {}, register.when),
    h("p", { class: "sf-meta" }, `${register.place}\u00a0· ${people}`),
    link,
  );
}
