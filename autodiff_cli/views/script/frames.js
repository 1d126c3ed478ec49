// A film: one frame for each node forward, then one for each term of an adjoint, and what is said.
// Frames and words are those of teach/frames.py and teach/sentences.py.

const MOST_TERMS = 12, FOLLOWED = 4, LONGEST = 400;

// The frames from the variables to the result, and back from one output.
function frames(graph, computed) {
  const forwards = graph.labelled.map((node) => ({sweep: "forward", node}));
  return [...forwards, ...backwards(graph, computed)];
}

function backwards(graph, {partials, adjoints, output}) {
  const found = [], arrived = new Map(), counts = received(graph, partials, adjoints);
  for (const consumer of [...graph.labelled].reverse()) {
    if (!graph.active[consumer]) continue;
    if (!counts.has(consumer)) {
      const total = adjoints[consumer] === null ? 0 : adjoints[consumer];
      found.push({sweep: "reverse", node: consumer, seed: consumer === output, total, whole: true});
    }
    if (adjoints[consumer] === null) continue;
    for (const {operand, partial, places} of given(graph, partials, consumer)) {
      const product = passed(partial, adjoints[consumer]);
      const {total: before, term: past} = arrived.get(operand) || {total: null, term: 0};
      const total = before === null ? product : before + product;
      const term = past + 1, count = counts.get(operand);
      arrived.set(operand, {total, term});
      found.push({sweep: "reverse", node: operand, consumer, places, slope: number(partial),
        product, before, total, term, count, whole: term === count});
    }
  }
  return found;
}

// Node → how many terms its adjoint is the sum of.
function received(graph, partials, adjoints) {
  const counts = new Map();
  partials.forEach((slopes, consumer) => slopes.forEach((partial, place) => {
    if (partial === null || adjoints[consumer] === null) return;
    const operand = graph.nodes[consumer].operands[place];
    counts.set(operand, (counts.get(operand) || 0) + 1);
  }));
  return counts;
}

// What a node hands on, operand by operand: one term for each place that an operand has in it.
function given(graph, partials, consumer) {
  const operands = graph.nodes[consumer].operands || [];
  return graph.edges[consumer].flatMap((operand) => {
    const terms = [];
    operands.forEach((other, place) => {
      const partial = partials[consumer][place];
      if (other === operand && partial !== null) terms.push({operand, partial});
    });
    return terms.map((term) => ({...term, places: terms.length}));
  });
}

// The partial by an operand of all its places together; null where nothing is differentiated.
function together(graph, partials, consumer, operand) {
  if (!graph.active[operand] || !graph.active[consumer]) return null;
  const found = given(graph, partials, consumer).filter((term) => term.operand === operand);
  return found.length ? found.map(({partial}) => number(partial)).reduce((a, b) => a + b) : 0;
}

function number(partial) {
  return partial === BLOCKED ? 0 : partial;
}

// Says of one point how its numbers come.
class Wording {
  constructor(graph, computed, digits) {
    Object.assign(this, {graph, computed, digits});
  }

  number(value) {
    return written(value, this.digits);
  }

  bracketed(value) {
    const text = this.number(value);
    return text.startsWith("-") ? `(${text})` : text;
  }

  label(node) {
    return this.graph.labels[node];
  }

  tangent(node) {
    return dotted(this.label(node));
  }

  adjoint(node) {
    return barred(this.label(node));
  }

  local(of, by) {
    return `∂${this.label(of)}/∂${this.label(by)}`;
  }

  // All sentences of a frame.
  frame(frame) {
    const {graph, computed} = this, {node} = frame;
    if (frame.sweep === "forward") return [this.valueOf(node), ...this.moves(node)];
    const said = [frame.consumer === undefined ? this.seed(frame) : this.term(frame)];
    if (frame.whole && node < graph.variables.length) {
      said.push(`${graph.variables[node].name}.grad is now ${this.number(frame.total)}`);
    }
    return said;
  }

  operation(node) {
    const {operations, variables} = this.graph;
    return node < variables.length ? variables[node].name : brief(operations[node]);
  }

  valueOf(node) {
    const {graph, computed} = this, sides = [this.label(node)];
    if (graph.names[node]) sides.push(graph.names[node]);
    sides.push(this.operation(node));
    if (node >= graph.variables.length) {
      sides.push(brief(filled(graph.texts[node], (k) => this.number(computed.values[k]))));
    }
    sides.push(this.number(computed.values[node]));
    return [...new Set(sides)].join(" = ");
  }

  moves(node) {
    const {graph, computed} = this, names = graph.wrt;
    const said = names.slice(0, FOLLOWED).map((variable, k) => {
      const name = graph.variables[variable].name;
      return (names.length > 1 ? `for ${name}: ` : "") + this.moved(node, variable, computed.tangents[k]);
    });
    const more = names.length - FOLLOWED;
    return more > 0 ? [...said, `${more.toLocaleString("en")} more variables move too`] : said;
  }

  moved(node, variable, tangents) {
    const {graph, computed} = this, here = this.tangent(node);
    const result = this.number(still(tangents[node]));
    if (node < graph.variables.length) {
      const own = graph.variables[node].name;
      const why = node === variable ? "moves with itself"
        : `stands still while ${graph.variables[variable].name} moves`;
      return `${here} = ${result}: ${own} ${why}`;
    }
    const slopes = graph.edges[node]
      .map((operand) => [operand, together(graph, computed.partials, node, operand)])
      .filter(([, slope]) => slope !== null);
    const symbols = slopes.map(([operand]) => `${this.local(node, operand)}·${this.tangent(operand)}`);
    const terms = slopes.map(([operand, slope]) =>
      `${this.bracketed(slope)}·${this.bracketed(still(tangents[operand]))}`);
    return this.sum(here, symbols, terms, result);
  }

  sum(here, symbols, terms, result) {
    const sums = [symbols, terms].map((parts) => elided(parts).join(" + "));
    return [here, ...sums.filter(Boolean), result].join(" = ");
  }

  seed({node, seed, total}) {
    const called = this.computed.called;
    const why = seed ? `the seed: ${called} moves with itself` : `nothing on the way to ${called} uses it`;
    return `${this.adjoint(node)} = ${this.number(total)}: ${why}`;
  }

  term({node, consumer, places, slope, product, before, total, term, count}) {
    const above = this.computed.adjoints[consumer], here = this.adjoint(node);
    const symbols = `${this.adjoint(consumer)}·${this.local(consumer, node)}`;
    const numbers = `${this.bracketed(above)}·${this.bracketed(slope)}`;
    let said = `${here} gets ${symbols} = ${numbers} = ${this.number(product)}`;
    if (product === 0 && !Number.isFinite(above)) {
      said += " (the edge is blocked: a slope that is 0 by rule lets nothing pass)";
    }
    said += count === 1 ? ", its only term" : `, term ${term} of ${count}`;
    if (count > 1 && places > 1) {
      said += ` (${this.label(consumer)} has ${this.label(node)} in ${places} places, this is for one)`;
    }
    if (before === null) return said;
    const both = `${this.number(before)} + ${this.bracketed(product)} = ${this.number(total)}`;
    return said + (term === count ? `; ${here} = ${both}` : `; so far ${both}`);
  }
}

// As the terminal has them: w̄3 has a mark of its own, ẇ3 is one sign with its dot where there is one.
function barred(label) {
  return `${label[0]}\u0304${label.slice(1)}`;
}

function dotted(label) {
  return `${label[0]}\u0307`.normalize("NFC") + label.slice(1);
}

function still(tangent) {
  return tangent === null || tangent === 0 ? 0 : tangent;
}

function elided(parts) {
  const half = MOST_TERMS / 2;
  return parts.length <= MOST_TERMS ? parts : [...parts.slice(0, half), "…", ...parts.slice(-half)];
}

function brief(text, most = LONGEST) {
  if (text.length <= most) return text;
  const head = text.slice(0, most / 2), tail = text.slice(-most / 4);
  return `${head.slice(0, head.lastIndexOf(" "))} … ${tail.slice(tail.indexOf(" ") + 1)}`;
}

// A template with the numbers of nodes in it: {3}, {3-} in brackets with a sign, {3^} as exponent.
function filled(template, shown) {
  return template.replace(/\{(\d+)([-^]?)\}/g, (_, node, place) => {
    const text = shown(Number(node)), bracketed = text.startsWith("-") ? `(${text})` : text;
    if (place === "^" && /^-?\d+$/.test(text)) return text.replace(/./g, (sign) => RAISED[sign]);
    return place === "^" ? `^${bracketed}` : place === "-" ? bracketed : text;
  });
}

const RAISED = Object.fromEntries([..."0123456789-"].map((sign, k) => [sign, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"[k]]));
