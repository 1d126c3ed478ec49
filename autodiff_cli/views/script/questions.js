// Exercises brought alive: what is typed is marked, help comes step by step.

function exercise(root) {
  const question = QUESTIONS[root.id], form = root.querySelector("form");
  const look = (selector) => root.querySelector(selector);
  let helped = 0;
  root.querySelectorAll(":scope > form .live, :scope > .live").forEach((part) => { part.hidden = false; });

  function say(kind, text) {
    look(".mark").className = `mark ${kind}`;
    look(".mark").textContent = text;
  }

  // The first hint, the second, and then the solution.
  function help() {
    if (helped > question.hints.length) return;
    const place = element("div", helped < question.hints.length ? "hint" : "solution");
    place.innerHTML = question.hints[helped] || question.solution;
    look(".help").append(place);
    helped += 1;
    look(".hint-please").textContent = helped < question.hints.length ? "Hint" : "Solution";
    look(".hint-please").hidden = helped > question.hints.length;
  }

  form.onsubmit = (event) => {
    event.preventDefault();
    const chosen = form.querySelector("input:checked"), field = form.querySelector("input[type=text]");
    const [kind, text] = field ? judged(question, field.value) : picked(question, chosen);
    say(kind, text);
    root.classList.toggle("done", kind === "right");
    if (kind === "wrong") help();
    if (field && kind !== "right") field.select();
    count();
  };
  look(".hint-please").onclick = help;
}

function picked({right, told}, chosen) {
  if (!chosen) return ["unread", "Choose an answer."];
  return chosen.value === right ? ["right", "Right."] : ["wrong", `No: ${told[chosen.value]}.`];
}

function judged({answer, tolerance, wrong, unknown, few}, text) {
  if (!text.trim()) return ["unread", "Type a number, or what gives one."];
  const given = typed(text.replace(/^.*[=≈]/, ""));
  if (given === null || !Number.isFinite(given.value)) return ["unread", "That cannot be read as a number."];
  if (Math.abs(given.value - answer) <= tolerance) return ["right", "Right."];
  const named = wrong.find(([number, near]) => Math.abs(given.value - number) <= near);
  if (named) return ["wrong", `No: ${named[2]}.`];
  if (given.digits && given.digits < few && equals(given, answer)) {
    return ["unread", `Rounded too early: write ${few} digits.`];
  }
  return ["wrong", `No: ${unknown}.`];
}

// How many are done, said at the end of the page.
function count() {
  const all = document.querySelectorAll(".autodiff-exercise"), done = document.querySelectorAll(".done");
  document.querySelector(".score").textContent = `${done.length} of ${all.length} right.`;
}

Object.keys(QUESTIONS).map((name) => document.getElementById(name)).forEach(exercise);
count();
