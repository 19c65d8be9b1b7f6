// The same-day check asked aloud, judged by the table that came with the register. Pure: no browser.
// The rule is the server's (classes/same_day/symptoms.py): one yes is enough, and the worst counts. Which yes comes to
// what, and what is worse than what, stands in the table alone; the server judges again.

/** `questions`: { groups: [[words, [{ id, result, … }]]], results: [{ id, … }] }, the worst result last. */
export function worst({ groups, results }, answers) {
  const said = questionsOf(groups).filter(({ id }) => answers[id] === true);
  const rank = ({ result }) => results.findIndex(({ id }) => id === result);
  return results[Math.max(0, ...said.map(rank))];
}

/** The questions that have neither yes nor no, in the order in which they are asked. */
export function unanswered({ groups }, answers) {
  return questionsOf(groups).filter(({ id }) => typeof answers[id] !== "boolean");
}

/** Whether the questions may be asked of somebody at `now`, by the server's clock. */
export function mayAsk(register, person, now) {
  return person.asks && !person.stopped && register.check_from <= now && now < register.check_until;
}

/** What a register says of somebody whose answers came to `result`, in place of what it said of their check before. */
export function saidOf({ results }, person, result, at) {
  const named = (words) => words.replaceAll("{name}", person.first);
  const before = results.map(({ alert }) => named(alert));
  const alerts = person.alerts.filter((words) => !before.includes(words));
  return {
    alerts: result.alert ? [...alerts, named(result.alert)] : alerts,
    check: [`${result.label[0]} at ${at}`, result.label[1]],
    answered: true,
    stopped: result.stops,
    result: result.id,
  };
}

const questionsOf = (groups) => groups.flatMap(([, asked]) => asked);
