// Draws: elements from values, never from text that could be markup.

/** `h("p", { class: "x" }, "words", other)`; a value of false or null is left out, a function listens. */
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function notice(tone, ...children) {
  return h("div", { class: `sf-notice sf-notice--${tone}`, role: tone === "alert" ? "alert" : false }, ...children);
}

export function button(words, click, kind = "", more = {}) {
  const style = `nhsuk-button${kind ? ` nhsuk-button--${kind}` : ""}`;
  return h("button", { type: "button", class: style, click, ...more }, words);
}

/** A label with hint, error and whatever is filled in: `input` is drawn with what ties them together. */
function group({ id, label, hint, error }, input) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return h(
    "div",
    { class: `nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}` },
    h("label", { class: "nhsuk-label nhsuk-label--s", for: id }, label),
    hint && h("div", { class: "nhsuk-hint", id: `${id}-hint` }, hint),
    error && errorMessage(id, error),
    input({ id, name: id, "aria-describedby": described || false, "aria-invalid": error ? "true" : false }),
  );
}

function errorMessage(id, error) {
  return h("p", { class: "nhsuk-error-message", id: `${id}-error` }, hidden("Error: "), error);
}

/** A field of one line with its label, hint and error. */
export function field({ id, label, hint, error, ...input }) {
  const style = `nhsuk-input${error ? " nhsuk-input--error" : ""}`;
  return group({ id, label, hint, error }, (tied) => h("input", { class: style, ...tied, ...input }));
}

/** Room for several lines. */
export function words({ id, label, hint, error, value = "", rows = "4", maxlength = "3900" }) {
  const style = `nhsuk-textarea${error ? " nhsuk-textarea--error" : ""}`;
  const more = { rows, maxlength, autocomplete: "off" };
  return group({ id, label, hint, error }, (tied) => h("textarea", { class: style, ...tied, ...more }, value));
}

export function select(id, label, options, chosen = "") {
  const option = ([value, said]) => h("option", { value, selected: value === chosen }, said);
  return group({ id, label }, (tied) => h("select", { class: "nhsuk-select", ...tied }, ...options.map(option)));
}

/** One of several; each option is [value, words, hint]. */
export function choices({ name, legend, hint, error, options, chosen = "", inline = false, change = false }) {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  const item = ([value, said, help], place) =>
    h(
      "div",
      { class: "nhsuk-radios__item" },
      h("input", {
        class: "nhsuk-radios__input",
        type: "radio",
        id: `${name}-${place}`,
        name,
        value,
        checked: value === chosen,
        "aria-describedby": help ? `${name}-${place}-hint` : false,
        change,
      }),
      h("label", { class: "nhsuk-label nhsuk-radios__label", for: `${name}-${place}` }, said),
      help && h("div", { class: "nhsuk-hint nhsuk-radios__hint", id: `${name}-${place}-hint` }, help),
    );
  return h(
    "div",
    { class: `nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}` },
    h(
      "fieldset",
      { class: "nhsuk-fieldset", "aria-describedby": described || false },
      h("legend", { class: "nhsuk-fieldset__legend nhsuk-fieldset__legend--s" }, legend),
      hint && h("div", { class: "nhsuk-hint", id: `${name}-hint` }, hint),
      error && errorMessage(name, error),
      h("div", { class: `nhsuk-radios${inline ? " nhsuk-radios--inline" : ""}` }, ...options.map(item)),
    ),
  );
}

/** A form with one button: pressing Enter is pressing it. */
export function form(words, act, ...fields) {
  const submit = async (event) => {
    event.preventDefault();
    const pressed = event.target.querySelector("button[type=submit]");
    if (pressed.disabled) return;
    pressed.disabled = true; // a PIN takes a second on an old telephone
    pressed.textContent = "One moment…";
    await act();
    pressed.disabled = false; // where the page is still the same
    pressed.textContent = words;
  };
  return h(
    "form",
    { class: "sf-form", novalidate: true, submit },
    ...fields,
    h("button", { type: "submit", class: "nhsuk-button" }, words),
  );
}

/** Each error is [where it leads, words]. */
export function errorSummary(...errors) {
  return h(
    "div",
    { class: "nhsuk-error-summary", tabindex: "-1", role: "alert", "aria-labelledby": "error-title" },
    h("h2", { class: "nhsuk-error-summary__title", id: "error-title" }, "There is a problem"),
    h(
      "div",
      { class: "nhsuk-error-summary__body" },
      h("ul", { class: "nhsuk-list nhsuk-error-summary__list" }, ...errors.map(errorLink)),
    ),
  );
}

/** Goes there without a word to the address, which says which view is shown. */
function errorLink([id, words]) {
  const go = (event) => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
  return h("li", {}, h("a", { href: `#${id}`, click: go }, words));
}

export function hidden(words) {
  return h("span", { class: "nhsuk-u-visually-hidden" }, words);
}
