// The register counts along: how many are marked, and how many of the marks are not saved yet.
export function countMarks(form) {
  const words = form.querySelector("[data-sf-register-count]");
  const people = [...form.querySelectorAll("[data-sf-person]")];
  const chosen = (person) => person.querySelector(":checked");
  const changed = (person) => chosen(person) && chosen(person).value !== person.querySelector("[name^=was_]").value;
  const tell = () => {
    const unsaved = people.filter(changed).length;
    const now = `${people.filter(chosen).length} of ${people.length} marked${unsaved ? `, ${unsaved} not saved yet` : ""}`;
    if (words.textContent !== now) words.textContent = now;
  };
  form.addEventListener("change", tell);
  tell(); // a page that comes back from the browser's memory brings its choices
}
