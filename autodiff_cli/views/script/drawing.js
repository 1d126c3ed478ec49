// What is computed, drawn into one element of a page.

class Drawing {
  constructor(root, graph) {
    Object.assign(this, {root, graph, asking: null, where: new Map(), whole: false});
    (this.look(".at") || this.look(".top")).insertAdjacentHTML("afterend", graph.above);
    this.look(".board").insertAdjacentHTML("afterend", graph.below);
    this.places = new Map();
    this.sight = new Set();
    this.seen = new IntersectionObserver((entries) => entries.forEach(({target, isIntersecting}) =>
      this.sight[isIntersecting ? "add" : "delete"](Number(target.dataset.of))));
    this.hangRows("tbody:not([hidden])");
    this.hangPicture();
  }

  // The picture, where it is long, and the rows far down: to lay them out takes longer than all the
  // rest, and so they come when a first frame has been drawn.
  complete() {
    if (this.whole) return;
    this.whole = true;
    if (this.graph.picture) {
      this.look(".graph").innerHTML = this.graph.picture;
      this.hangPicture();
    }
    this.hangRows("tbody[hidden]");
    this.all("tbody[hidden]").forEach((part) => { part.hidden = false; });
    this.settle();
    this.root.dataset.alive = "";
  }

  // Everything drawn where it has its size by now, with the result of a broad graph in sight.
  settle() {
    this.draw(true);
    if (!this.state.step) follow(this.look(`svg [data-of="${this.computed.output}"]`), this.look(".graph"));
  }

  // Notes where the numbers of a row stand, and which of many rows are in sight.
  hangRows(bodies) {
    this.all(`${bodies} tr`).forEach((row) => {
      hangRow(row, this.places);
      this.sight.add(Number(row.dataset.of));
      if (this.look("tbody.late")) this.seen.observe(row);
    });
  }

  hangPicture() {
    this.all("svg [data-of]").forEach((part) => hangPart(part, this.graph, this.places));
  }

  look(selector) {
    return this.root.querySelector(selector);
  }

  all(selector) {
    return [...this.root.querySelectorAll(selector)];
  }

  draw(all = false) {
    const known = knowledge(this.graph, this.computed, this.state.practice ? 0 : this.state.step);
    const frame = this.state.step ? this.computed.frames[this.state.step - 1] : null;
    this.drawPoint();
    this.drawNumbers(known, all);
    this.drawFrame(frame);
    this.drawAround(frame);
    this.drawPractice(frame);
    this.drawAnswer();
    this.drawNotes();
    clearTimeout(this.keeping);  // a browser takes no new address a hundred times a second
    this.keeping = setTimeout(() => keep(this.root, this.graph, this.state), 150);
  }

  drawPoint() {
    const at = this.look(".at");
    if (at) at.textContent = `at ${this.pointText()}`;
    this.all(".point .variable").forEach((row) => {
      const value = this.state.at[row.dataset.variable], [range, field] = row.querySelectorAll("input");
      range.value = value;
      range.setAttribute("aria-valuetext", shortest(value));
      if (document.activeElement !== field) field.value = shortest(value);
    });
  }

  pointText() {
    return this.graph.variables.map(({name}, k) => `${name} = ${shortest(this.state.at[k])}`).join(", ");
  }

  // Numbers into the table and the picture: what is not known yet is empty. Of many rows those in
  // sight come first, and the others when a slider rests: to lay them out takes longer than a frame.
  drawNumbers(known, all) {
    clearTimeout(this.resting);
    const {labelled} = this.graph, some = !all && this.look("tbody.late");
    const draw = (nodes) => nodes.forEach((k) => this.drawNode(k, known));
    draw(some ? [...this.sight] : labelled);
    if (some && this.whole) this.resting = setTimeout(() => draw(labelled.filter((k) => !this.sight.has(k))), 120);
    this.all(".here").forEach((rule) => { rule.hidden = !this.computed.first; });
  }

  drawNode(k, known) {
    const show = (value) => written(value, this.graph.digits), here = known.forward.has(k);
    this.put(k, "value", here ? show(this.computed.values[k]) : "");
    this.computed.tangents.forEach((tangents, place) =>
      this.put(k, `tangent-${place}`, here ? show(still(tangents[k])) : ""));
    this.put(k, "adjoint", known.adjoints.has(k) ? show(known.adjoints.get(k)) : "");
    this.graph.edges[k].forEach((operand) => {
      const slope = together(this.graph, this.computed.partials, k, operand);
      this.put(`${k} ${operand}`, "partial", here && slope !== null ? show(slope) : "");
    });
  }

  put(of, what, text) {
    const key = `${of} ${what}`, asked = this.isAsked(key);
    for (const place of this.places.get(key) || []) {
      const drawn = place.namespaceURI.endsWith("svg");
      place.classList.toggle("asked", asked);
      if (asked && !drawn) place.replaceChildren(this.jump(key));
      else if (place.textContent !== (asked ? "?" : text)) place.textContent = asked ? "?" : text;
      if (drawn) fit(place, asked ? "?" : text);
      if (what === "partial") place.parentElement.classList.toggle("unknown", !asked && !text);
    }
  }

  // Whether a number is still to be found.
  isAsked(key) {
    return this.state.practice && this.where.has(key) && !this.state.solved.has(key);
  }

  // A question mark in the table that leads to its question.
  jump(key) {
    const button = element("button", "ask-for", "?");
    button.type = "button";
    button.setAttribute("aria-label", `Go to the question: ${this.where.get(key).asked}`);
    button.onclick = () => {
      this.go(this.where.get(key).step);
      this.look(".ask input").focus();
    };
    return button;
  }

  drawFrame(frame) {
    this.all(".now").forEach((part) => part.classList.remove("now", "onto"));
    const count = this.computed.frames.length;
    this.look(".scrub").max = count;
    this.look(".scrub").value = this.state.step;
    const place = frame ? `Step ${this.state.step} of ${count}` : "The whole trace";
    this.look(".scrub").setAttribute("aria-valuetext", place);
    this.look(".count").textContent = frame ? `${place} · ${frame.sweep} sweep` : `${place}, ${count} steps`;
    this.root.dataset.sweep = frame ? frame.sweep : "";
    const least = this.state.practice ? 1 : 0;
    for (const [button, end] of [[".first", least], [".back", least], [".next", count], [".last", count]]) {
      this.look(button).setAttribute("aria-disabled", this.state.step === end);  // it keeps the focus
    }
    const said = frame ? this.wording.frame(frame) : [this.overview()];
    this.look(".said").replaceChildren(...said.map((text) => paragraph(this.graph, text)));
    if (!frame) return;
    const of = frame.consumer === undefined ? [`${frame.node}`] : [`${frame.node}`, `${frame.consumer} ${frame.node}`];
    this.all("[data-of]").forEach((part) => part.classList.toggle("now", of.includes(part.dataset.of)));
    this.all(`tr[data-of="${frame.consumer}"]`).forEach((row) => row.classList.add("now", "onto"));
    follow(this.look(`tr[data-of="${frame.node}"]`), this.look(".trace"));
    follow(this.look(`svg [data-of="${frame.node}"]`), this.look(".graph"));
  }

  overview() {
    const at = this.pointText();
    return at ? `Every number at ${at}. Move a slider, or go through the sweeps with Next.`
      : "Every number. Go through the sweeps with Next.";
  }

  // A folded graph: the active node, or the output, with what is next to it.
  drawAround(frame) {
    const place = this.look(".around");
    if (!place) return;
    const node = frame ? frame.node : this.computed.output;
    const cell = (k, what) => (this.places.get(`${k} ${what}`) || [])[0];
    const show = (k, what) => (cell(k, what)?.textContent ? `${what} ${cell(k, what).textContent}` : "");
    place.replaceChildren(...neighbours(this.graph, node, show));
  }

  questions(frame) {
    return questions(this.graph, this.computed, this.wording, frame);
  }

  // The question of the frame that waits for an answer, what came of the last one, how many are left.
  drawPractice(frame) {
    const open = this.state.practice && frame ? this.questions(frame) : [];
    this.asking = open.find(({key}) => !this.state.solved.has(key)) || null;
    this.look(".practice").setAttribute("aria-pressed", this.state.practice);
    this.look(".ask").hidden = !this.state.practice;
    this.look(".asks").hidden = !this.asking;
    if (!this.state.practice) return;
    this.look(".said").hidden = Boolean(this.asking);
    this.look(".asked-for").replaceChildren(...labelled(this.graph, this.asking ? this.asking.asked : ""));
    const solved = [...this.where.keys()].filter((key) => this.state.solved.has(key)).length;
    const here = this.asking ? "" : "Nothing is left to find at this step. ";
    this.look(".solved").textContent = `${here}${solved} of ${this.where.size} found.`;
  }

  say(kind, text) {
    this.look(".mark").className = `mark ${kind}`;
    this.look(".mark").replaceChildren(...labelled(this.graph, text));
  }

  drawAnswer() {
    this.all(".answer [data-answer]").forEach((place) => {
      const [what, which] = place.dataset.answer.split(" ");
      const node = what === "value" ? this.graph.outputs[which].node : Number(which);
      const value = what === "value" ? this.computed.values[node] : still(this.computed.adjoints[which]);
      const key = `${node} ${what === "value" ? "value" : "adjoint"}`;
      const asked = this.isAsked(key);
      place.textContent = asked ? "?" : written(value, this.graph.digits);
      place.classList.toggle("asked", asked);
    });
    this.all(".answer [data-from]").forEach((name) => {
      name.hidden = Number(name.dataset.from) !== this.state.output;
    });
  }

  drawNotes() {
    const lines = [...this.computed.notes, ...this.state.leapt].map(({node, kind, text}) => {
      const own = [this.graph.names[node], this.graph.labels[node], this.graph.operations[node]].filter(Boolean);
      return [kind, `${[...new Set(own)].join(" = ")}: ${text}`];
    });
    const given = this.graph.notes.map(({kind, text}) => [kind, text]);
    const items = [...lines, ...given].map(([kind, text]) => note(this.graph, kind, text));
    this.look(".notes").replaceChildren(...items);
    const faults = new Set(this.computed.notes.map(({node}) => `${node}`));
    this.all("[data-of]").forEach((part) => part.classList.toggle("fault", faults.has(part.dataset.of)));
  }
}
