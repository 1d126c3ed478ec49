// Where an answer departs from plain calculus, said at the node: as notes/departures.py.

function departures(graph, {values, partials, adjoints}) {
  const found = [];
  for (let node = graph.variables.length; node < graph.nodes.length; node++) {
    if (graph.nodes[node].row === undefined) continue;
    const say = (kind, text) => found.push({node, kind, text});
    own(graph, values, partials, node, say);
    if (adjoints[node] !== null && vanishing(partials[node], adjoints[node])) {
      say("zero-times-infinity", REMARKS.product);
    }
  }
  return found;
}

// What the table knows of a node: its domain, overflow, its kinks, its slopes.
function own(graph, values, partials, node, say) {
  const {row, operands} = graph.nodes[node];
  const rules = ROWS[row], said = graph.said[row], value = values[node];
  const given = operands.map((k) => values[k]), [a, b, c] = given;
  const outside = rules.domain !== undefined && !rules.domain(a, b, c, value);
  if (outside) say("domain", outsideText(graph, values, node, said));
  if (!graph.labels[node]) return;
  let regular = !outside && given.every(Number.isFinite);
  if (Math.abs(value) === Infinity && regular) say("overflow", REMARKS.overflow);
  if (!graph.active[node]) return;
  (rules.kinks || []).forEach((holds, k) => {
    const {kind, operand, text} = said.kinks[k];
    if (operand !== null && !graph.active[operands[operand]]) return;
    if (outside || !holds(a, b, c, value)) return;
    say(kind, told(graph, node, text));
    regular = false;
  });
  if (row === "where/3" && graph.active[operands[0]]) {
    const [left, right] = graph.nodes[operands[0]].operands.map((k) => values[k]);
    if (left === right) say("kink", REMARKS.boundary);
  }
  const slopes = partials[node].filter((slope) => slope !== null && slope !== BLOCKED);
  if (regular && slopes.some(Number.isNaN) && !Number.isNaN(value)) say("domain", REMARKS.unknown);
  if (regular && slopes.some(infinite) && Number.isFinite(value)) say("overflow", REMARKS.steep);
}

// The kinks that lie between two points: a slider has leapt over them.
function leapt(graph, before, after) {
  const nodes = graph.labelled.filter((node) => graph.nodes[node].row && graph.active[node]);
  return nodes.flatMap((node) => gaps(graph, node)
    .filter(({gap, operand}) => (operand ?? null) === null || graph.active[graph.nodes[node].operands[operand]])
    .filter(({gap}) => Math.sign(gap(before)) * Math.sign(gap(after)) === -1)
    .map(({kind, text}) => ({node, kind, text: `leapt over just now; ${told(graph, node, text)}`})));
}

// How far a node is from each of its kinks, with a sign for the side, over all values.
function gaps(graph, node) {
  const {row, operands} = graph.nodes[node];
  if (row === "where/3") {
    const sides = graph.nodes[operands[0]].operands;
    if (!sides || !graph.active[operands[0]]) return [];
    return [{kind: "kink", text: REMARKS.boundary, gap: (values) => values[sides[0]] - values[sides[1]]}];
  }
  return (ROWS[row].gaps || []).flatMap((gap, k) => {
    if (!gap) return [];
    const of = (values) => {
      const [a, b, c] = operands.map((operand) => values[operand]);
      return gap(a, b, c, values[node]);
    };
    return [{...graph.said[row].kinks[k], gap: of}];
  });
}

function infinite(value) {
  return Math.abs(value) === Infinity;
}

// Whether an adjoint of 0 meets an infinite partial, or the reverse.
function vanishing(slopes, adjoint) {
  return !Number.isNaN(adjoint) && slopes.some((slope) => slope !== null && slope !== BLOCKED
    && Number.isNaN(adjoint * slope) && !Number.isNaN(slope));
}

// A text of the table over the node's own operands.
function told(graph, node, text) {
  return text.replace(/\{([abc])\}/g, (_, letter) => called(graph, node, letter));
}

function called(graph, node, letter) {
  const operand = graph.nodes[node].operands["abc".indexOf(letter)];
  return graph.labels[operand] || graph.plain[operand] || letter;
}

function outsideText(graph, values, node, {domain, outside}) {
  const given = graph.nodes[node].operands.filter((k) => graph.labels[k])
    .map((k) => `${graph.labels[k]} = ${shortest(values[k])}`);
  const here = given.length ? `, and ${[...new Set(given)].join(" and ")}` : "";
  return `a real value needs ${told(graph, node, domain)}${here}${outside}`;
}
