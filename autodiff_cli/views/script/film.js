// One element of a page brought alive: state → compute → draw. Nothing outside of it is touched
// but the fragment of the page's address, where the state is kept.

class Film extends Drawing {
  constructor(root) {
    super(root, read(root));
    const {graph} = this;
    this.state = {
      at: graph.variables.map(({at}) => at), output: 0, step: 0, leapt: [],
      practice: graph.practice, solved: new Set(),
    };
    restore(root, graph, this.state);
    this.listen();
    this.update();
    const complete = () => this.complete();
    if (this.look(".late")) afterwards(complete);
    else complete();
  }

  update() {
    this.computed = compute(this.graph, this.state);
    this.wording = new Wording(this.graph, this.computed, this.graph.digits);
    this.state.step = Math.min(this.state.step, this.computed.frames.length);
    this.where = new Map();
    if (this.state.practice) this.computed.frames.forEach((frame, place) => this.questions(frame)
      .forEach((question) => this.where.set(question.key, {...question, step: place + 1})));
    if (this.state.practice && !this.state.step) this.state.step = this.firstAsked();
    this.draw();
  }

  // The first step that asks for something.
  firstAsked() {
    return Math.min(...[...this.where.values()].map(({step}) => step), this.computed.frames.length) || 1;
  }

  go(step) {
    const most = this.computed.frames.length, least = this.state.practice ? 1 : 0;
    this.state.step = Math.max(least, Math.min(most, step));
    if (this.state.practice) this.say("", "");
    this.draw();
  }

  // The first step of a sweep.
  first(sweep) {
    return this.computed.frames.findIndex((frame) => frame.sweep === sweep) + 1;
  }

  check() {
    if (!this.asking) return;
    const {graph, computed, state, asking} = this, field = this.look(".ask input");
    if (!field.value.trim()) return;
    const known = knownBy(graph, computed, state.step, asking);
    const shown = written(this.asking.right, this.graph.digits);
    const {right, said} = answered(this.asking, field.value.trim(), known, shown);
    this.say(right ? "right" : right === null ? "unread" : "wrong", said);
    if (!right) return field.select();
    this.solve(this.asking.key);
  }

  // An answer that was found, or shown: on to what is asked next.
  solve(key) {
    this.state.solved.add(key);
    this.look(".ask input").value = "";
    this.draw();
    if (!this.asking) this.look(".next").focus();
  }

  listen() {
    this.listenToPoint();
    this.listenToStepper();
    this.listenToPractice();
    // What is drawn in a closed element has no size.
    this.root.closest("details")?.addEventListener("toggle", () => this.settle(), {once: true});
    // On paper a derivation is open, unless it would give the answers away.
    const derivation = this.look(".derivation");
    if (derivation) addEventListener("beforeprint", () => { derivation.open ||= !this.state.practice; });
  }

  listenToPoint() {
    this.all(".point .variable").forEach((row) => {
      const [range, field] = row.querySelectorAll("input"), which = row.dataset.variable;
      range.oninput = () => this.move(which, Number(range.value), true);
      field.oninput = () => this.move(which, field.value.trim() === "" ? NaN : Number(field.value));
      field.onblur = () => this.drawPoint();
    });
    this.look(".reset").onclick = () => this.begin({at: this.graph.variables.map(({at}) => at)});
    const outputs = this.look(".outputs");
    if (outputs) outputs.onchange = () => this.begin({output: Number(outputs.value)});
  }

  // One variable to another value; a slider may leap over a kink on its way.
  move(which, value, slid = false) {
    if (!Number.isFinite(value)) return;
    const before = this.computed.values;
    this.begin({at: this.state.at.with(which, value)});
    if (!slid) return;
    this.state.leapt = leapt(this.graph, before, this.computed.values);
    this.drawNotes();
  }

  // Another state, in which nothing is solved yet.
  begin(changed) {
    Object.assign(this.state, {leapt: []}, changed);
    this.state.solved.clear();
    this.update();
  }

  listenToStepper() {
    const click = (name, step) => { this.look(name).onclick = () => this.go(step()); };
    click(".first", () => 0);
    click(".back", () => this.state.step - 1);
    click(".next", () => this.state.step + 1);
    click(".last", () => this.computed.frames.length);
    click(".forward", () => this.first("forward"));
    click(".reverse", () => this.first("reverse"));
    this.look(".scrub").oninput = (event) => this.go(Number(event.target.value));
    this.look(".stepper").addEventListener("keydown", (event) => this.keys(event));
  }

  listenToPractice() {
    this.look(".practice").onclick = () => {
      this.say("", "");
      this.look(".said").hidden = false;
      this.begin({practice: !this.state.practice, step: 0});
      if (this.asking) this.look(".ask input").focus();
    };
    this.look(".ask").onsubmit = (event) => {
      event.preventDefault();
      this.check();
    };
    this.look(".hint").onclick = () => this.asking && this.say("hint", this.asking.hint);
    this.look(".show").onclick = () => {
      if (!this.asking) return;
      this.say("hint", `It is ${written(this.asking.right, this.graph.digits)}.`);
      this.solve(this.asking.key);
    };
  }

  // Keys of the stepper; a slider and a field keep their own.
  keys(event) {
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const count = this.computed.frames.length;
    const steps = {
      ArrowRight: this.state.step + 1, ArrowLeft: this.state.step - 1, Home: 0, End: count,
      f: this.first("forward"), r: this.first("reverse"),
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.go(steps[event.key]);
  }
}

// After the next frame, and where there is none, as in a tab that nobody sees, before long.
function afterwards(act) {
  requestAnimationFrame(() => setTimeout(act));
  setTimeout(act, 500);
  addEventListener("beforeprint", act);
}

document.head.append(element("style", "", STYLE));
Object.keys(FILMS).map((name) => document.getElementById(name)).forEach((root) => new Film(root));
performance.mark("autodiff-drawn");  // for measuring how long that took
