// One element of a page brought alive: state → compute → draw. Nothing outside of it is touched
// but the fragment of the page's address, where the state is kept.

// Rows of a table that are all drawn at once.
const MANY = 40;

function alive(root) {
  const graph = read(root);
  root.dataset.alive = "";
  (root.querySelector(".at") || root.querySelector(".top")).insertAdjacentHTML("afterend", graph.above);
  root.querySelector(".board").insertAdjacentHTML("afterend", graph.below);
  if (graph.picture) root.querySelector(".graph").innerHTML = graph.picture;
  const state = {
    at: graph.variables.map(({at}) => at), output: 0, step: 0, leapt: [],
    practice: graph.practice, solved: new Set(),
  };
  restore(root, graph, state);
  const look = (selector) => root.querySelector(selector);
  const all = (selector) => [...root.querySelectorAll(selector)];
  let computed, wording, where = new Map(), asking = null, keeping = 0;
  let drawn = false, resting = 0;
  const sight = new Set();

  function update() {
    computed = compute(graph, state);
    wording = new Wording(graph, computed, graph.digits);
    state.step = Math.min(state.step, computed.frames.length);
    where = new Map();
    if (state.practice) computed.frames.forEach((frame, place) => questions(graph, computed, wording, frame)
      .forEach((question) => where.set(question.key, {...question, step: place + 1})));
    if (state.practice && !state.step) state.step = begin();
    draw();
  }

  // The first step that asks for something.
  function begin() {
    return Math.min(...[...where.values()].map(({step}) => step), computed.frames.length) || 1;
  }

  // The question of the frame that waits for an answer, what came of the last one, how many are left.
  function drawPractice(frame) {
    const toggle = look(".practice"), form = look(".ask");
    toggle.setAttribute("aria-pressed", state.practice);
    asking = state.practice && frame ? questions(graph, computed, wording, frame)
      .find(({key}) => !state.solved.has(key)) || null : null;
    form.hidden = !state.practice;
    look(".asks").hidden = !asking;
    if (!state.practice) return;
    look(".said").hidden = Boolean(asking);
    look(".asked-for").replaceChildren(...labelled(graph, asking ? asking.asked : ""));
    const solved = [...where.keys()].filter((key) => state.solved.has(key)).length;
    const here = asking ? "" : "Nothing is left to find at this step. ";
    look(".solved").textContent = `${here}${solved} of ${where.size} found.`;
  }

  function say(kind, text) {
    look(".mark").className = `mark ${kind}`;
    look(".mark").replaceChildren(...labelled(graph, text));
  }

  function check() {
    if (!asking) return;
    const field = look(".ask input"), known = knownBy(graph, computed, state.step, asking);
    if (!field.value.trim()) return;
    const {right, said} = answered(asking, field.value.trim(), known, written(asking.right, graph.digits));
    say(right ? "right" : right === null ? "unread" : "wrong", said);
    if (!right) return field.select();
    solve(asking.key);
  }

  // An answer that was found, or shown: on to what is asked next.
  function solve(key) {
    state.solved.add(key);
    look(".ask input").value = "";
    draw();
    if (!asking) look(".next").focus();
  }

  function draw() {
    const known = knowledge(graph, computed, state.practice ? 0 : state.step);
    const frame = state.step ? computed.frames[state.step - 1] : null;
    drawPoint();
    drawNumbers(known);
    drawFrame(frame);
    drawAround(frame);
    drawPractice(frame);
    drawAnswer();
    drawNotes();
    clearTimeout(keeping);  // a browser takes no new address a hundred times a second
    keeping = setTimeout(() => keep(root, graph, state), 150);
  }

  function drawPoint() {
    const at = look(".at");
    if (at) at.textContent = `at ${pointText()}`;
    all(".point .variable").forEach((row) => {
      const value = state.at[row.dataset.variable], [range, field] = row.querySelectorAll("input");
      range.value = value;
      range.setAttribute("aria-valuetext", shortest(value));
      if (document.activeElement !== field) field.value = shortest(value);
    });
  }

  const pointText = () => graph.variables.map(({name}, k) => `${name} = ${shortest(state.at[k])}`).join(", ");

  // Numbers into the table and the picture: what is not known yet is empty. Of many rows those in
  // sight come first, and the others when a slider rests: to lay them out takes longer than a frame.
  function drawNumbers(known) {
    clearTimeout(resting);
    const late = graph.labelled.length > MANY ? graph.labelled.filter((k) => !sight.has(k)) : [];
    const soon = late.length ? [...sight] : graph.labelled;
    soon.forEach((k) => drawNode(k, known));
    const rest = () => late.forEach((k) => drawNode(k, known));
    if (drawn && late.length) resting = setTimeout(rest, 120);
    else rest();
    drawn = true;
    all(".here").forEach((rule) => { rule.hidden = !computed.first; });
  }

  function drawNode(k, known) {
    const show = (value) => written(value, graph.digits), here = known.forward.has(k);
    put(k, "value", here ? show(computed.values[k]) : "");
    computed.tangents.forEach((tangents, place) =>
      put(k, `tangent-${place}`, here ? show(still(tangents[k])) : ""));
    put(k, "adjoint", known.adjoints.has(k) ? show(known.adjoints.get(k)) : "");
    graph.edges[k].forEach((operand) => {
      const slope = together(graph, computed.partials, k, operand);
      put(`${k} ${operand}`, "partial", here && slope !== null ? show(slope) : "");
    });
  }

  const places = new Map();
  const hang = (key, place) => places.set(key, [...(places.get(key) || []), place]);
  all("tr[data-of]").forEach((row) => hangRow(row, hang));
  all("svg [data-of]").forEach((part) => hangPart(part, graph, hang));

  function put(of, what, text) {
    const key = `${of} ${what}`, asked = state.practice && where.has(key) && !state.solved.has(key);
    for (const place of places.get(key) || []) {
      const drawn = place.namespaceURI.endsWith("svg");
      place.classList.toggle("asked", asked);
      if (asked && !drawn) place.replaceChildren(jump(key));
      else if (place.textContent !== (asked ? "?" : text)) place.textContent = asked ? "?" : text;
      if (drawn) fit(place, asked ? "?" : text);
      if (what === "partial") place.parentElement.classList.toggle("unknown", !asked && !text);
    }
  }

  // A question mark in the table that leads to its question.
  function jump(key) {
    const button = element("button", "ask-for", "?");
    button.type = "button";
    button.setAttribute("aria-label", `Go to the question: ${where.get(key).asked}`);
    button.onclick = () => {
      go(where.get(key).step);
      look(".ask input").focus();
    };
    return button;
  }

  function drawFrame(frame) {
    all(".now").forEach((part) => part.classList.remove("now", "onto"));
    const count = computed.frames.length;
    look(".scrub").max = count;
    look(".scrub").value = state.step;
    const place = frame ? `Step ${state.step} of ${count}` : "The whole trace";
    look(".scrub").setAttribute("aria-valuetext", place);
    look(".count").textContent = frame ? `${place} · ${frame.sweep} sweep` : `${place}, ${count} steps`;
    root.dataset.sweep = frame ? frame.sweep : "";
    const least = state.practice ? 1 : 0;
    for (const [button, end] of [[".first", least], [".back", least], [".next", count], [".last", count]]) {
      look(button).setAttribute("aria-disabled", state.step === end);  // it keeps the focus
    }
    const said = frame ? wording.frame(frame) : [overview()];
    look(".said").replaceChildren(...said.map((text) => paragraph(graph, text)));
    if (!frame) return;
    const of = frame.consumer === undefined ? [`${frame.node}`] : [`${frame.node}`, `${frame.consumer} ${frame.node}`];
    all("[data-of]").forEach((part) => part.classList.toggle("now", of.includes(part.dataset.of)));
    all(`tr[data-of="${frame.consumer}"]`).forEach((row) => row.classList.add("now", "onto"));
    follow(look(`tr[data-of="${frame.node}"]`), look(".trace"));
    follow(look(`svg [data-of="${frame.node}"]`), look(".graph"));
  }

  // A folded graph: the active node, or the output, with what is next to it.
  function drawAround(frame) {
    const place = look(".around");
    if (!place) return;
    const node = frame ? frame.node : computed.output;
    const cell = (k, what) => (places.get(`${k} ${what}`) || [])[0];
    const show = (k, what) => (cell(k, what)?.textContent ? `${what} ${cell(k, what).textContent}` : "");
    place.replaceChildren(...neighbours(graph, node, show));
  }

  function overview() {
    const at = pointText();
    return at ? `Every number at ${at}. Move a slider, or go through the sweeps with Next.`
      : "Every number. Go through the sweeps with Next.";
  }

  function drawAnswer() {
    all(".answer [data-answer]").forEach((place) => {
      const [what, which] = place.dataset.answer.split(" ");
      const node = what === "value" ? graph.outputs[which].node : Number(which);
      const value = what === "value" ? computed.values[node] : still(computed.adjoints[which]);
      const key = `${node} ${what === "value" ? "value" : "adjoint"}`;
      const asked = state.practice && where.has(key) && !state.solved.has(key);
      place.textContent = asked ? "?" : written(value, graph.digits);
      place.classList.toggle("asked", asked);
    });
    all(".answer [data-from]").forEach((name) => {
      name.hidden = Number(name.dataset.from) !== state.output;
    });
  }

  function drawNotes() {
    const lines = [...computed.notes, ...state.leapt].map(({node, kind, text}) => {
      const own = [graph.names[node], graph.labels[node], graph.operations[node]].filter(Boolean);
      return [kind, `${[...new Set(own)].join(" = ")}: ${text}`];
    });
    const given = graph.notes.map(({kind, text}) => [kind, text]);
    const items = [...lines, ...given].map(([kind, text]) => note(graph, kind, text));
    look(".notes").replaceChildren(...items);
    const faults = new Set(computed.notes.map(({node}) => `${node}`));
    all("[data-of]").forEach((part) => part.classList.toggle("fault", faults.has(part.dataset.of)));
  }

  function go(step) {
    const most = computed.frames.length, least = state.practice ? 1 : 0;
    state.step = Math.max(least, Math.min(most, step));
    if (state.practice) say("", "");
    draw();
  }

  const first = (sweep) => computed.frames.findIndex((frame) => frame.sweep === sweep) + 1;

  function listen() {
    look(".first").onclick = () => go(0);
    look(".back").onclick = () => go(state.step - 1);
    look(".next").onclick = () => go(state.step + 1);
    look(".last").onclick = () => go(computed.frames.length);
    look(".forward").onclick = () => go(first("forward"));
    look(".reverse").onclick = () => go(first("reverse"));
    look(".scrub").oninput = (event) => go(Number(event.target.value));
    all(".point .variable").forEach((row) => {
      const [range, field] = row.querySelectorAll("input"), which = row.dataset.variable;
      const move = (value, slid) => {
        if (!Number.isFinite(value)) return;
        const before = computed.values;
        state.at[which] = value;
        state.solved.clear();
        update();
        state.leapt = slid ? leapt(graph, before, computed.values) : [];
        if (slid) drawNotes();
      };
      range.oninput = () => move(Number(range.value), true);
      field.oninput = () => move(field.value.trim() === "" ? NaN : Number(field.value));
      field.onblur = () => drawPoint();
    });
    const reset = look(".reset");
    reset.onclick = () => {
      state.at = graph.variables.map(({at}) => at);
      update();
    };
    const outputs = look(".outputs");
    if (outputs) outputs.onchange = (event) => {
      state.output = Number(event.target.value);
      update();
    };
    look(".stepper").addEventListener("keydown", keys);
    look(".practice").onclick = () => {
      state.practice = !state.practice;
      state.solved.clear();
      say("", "");
      look(".said").hidden = false;
      state.step = 0;
      update();
      if (state.practice && asking) look(".ask input").focus();
    };
    look(".ask").onsubmit = (event) => {
      event.preventDefault();
      check();
    };
    look(".hint").onclick = () => asking && say("hint", asking.hint);
    look(".show").onclick = () => {
      if (!asking) return;
      say("hint", `It is ${written(asking.right, graph.digits)}.`);
      solve(asking.key);
    };
  }

  // Keys of the stepper; a slider and a field keep their own.
  function keys(event) {
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const count = computed.frames.length;
    const steps = {
      ArrowRight: state.step + 1, ArrowLeft: state.step - 1, Home: 0, End: count,
      f: first("forward"), r: first("reverse"),
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    go(steps[event.key]);
  }

  const seen = new IntersectionObserver((entries) => entries.forEach(({target, isIntersecting}) =>
    sight[isIntersecting ? "add" : "delete"](Number(target.dataset.of))));
  if (graph.labelled.length > MANY) all("tr[data-of]").forEach((row) => seen.observe(row));
  // On paper a derivation is open, unless it would give the answers away.
  const derivation = look(".derivation");
  if (derivation) {
    addEventListener("beforeprint", () => { derivation.open ||= !state.practice; });
  }
  listen();
  update();
}

document.head.append(element("style", "", STYLE));
Object.keys(FILMS).map((name) => document.getElementById(name)).forEach(alive);
performance.mark("autodiff-drawn");  // for measuring how long that took
