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

/** A field of one line with its label, hint and error. */
export function field({ id, label, hint, error, ...input }) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return h(
    "div",
    { class: `nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}` },
    h("label", { class: "nhsuk-label", for: id }, label),
    hint && h("div", { class: "nhsuk-hint", id: `${id}-hint` }, hint),
    error && h("p", { class: "nhsuk-error-message", id: `${id}-error` }, hidden("Error: "), error),
    h("input", {
      class: `nhsuk-input${error ? " nhsuk-input--error" : ""}`,
      id,
      name: id,
      "aria-describedby": described || false,
      "aria-invalid": error ? "true" : false,
      ...input,
    }),
  );
}

export function errorSummary(id, words) {
  return h(
    "div",
    { class: "nhsuk-error-summary", tabindex: "-1", role: "alert", "aria-labelledby": "error-title" },
    h("h2", { class: "nhsuk-error-summary__title", id: "error-title" }, "There is a problem"),
    h(
      "div",
      { class: "nhsuk-error-summary__body" },
      h("ul", { class: "nhsuk-list nhsuk-error-summary__list" }, h("li", {}, h("a", { href: `#${id}` }, words))),
    ),
  );
}

export function hidden(words) {
  return h("span", { class: "nhsuk-u-visually-hidden" }, words);
}
