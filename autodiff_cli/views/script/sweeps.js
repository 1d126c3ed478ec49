// Values, partials and both sweeps, as engine/linearise.py, forward.py and reverse.py have them.
// A graph is {variables, nodes: [{row, operands}], active}; ROWS is made of the operation table.

// The partial of an edge that nothing passes.
const BLOCKED = Object.freeze({});

// Values of all nodes, and for each active node a partial for each operand: a number, BLOCKED, or
// null where nothing is differentiated.
function linearise(graph, at) {
  const values = [...at], partials = at.map(() => []);
  for (let index = at.length; index < graph.nodes.length; index++) {
    const {row, operands, constant} = graph.nodes[index];
    if (row === undefined) {
      values.push(constant);
      partials.push([]);
      continue;
    }
    const given = operands.map((k) => values[k]);
    const value = ROWS[row].value(...given);
    values.push(value);
    partials.push(graph.active[index] ? slopes(ROWS[row], graph, operands, given, value) : []);
  }
  return {values, partials};
}

function slopes(row, graph, operands, given, value) {
  const [a, b, c] = given;
  return operands.map((operand, place) => {
    const rule = row.partials[row.partials.length > 1 ? place : 0];
    return rule && graph.active[operand] ? rule(a, b, c, value) : null;
  });
}

// The tangent of every node along one variable; null where nothing arrives.
function forward(graph, partials, variable) {
  const tangents = graph.variables.map((_, k) => (k === variable ? 1 : null));
  for (let index = tangents.length; index < graph.nodes.length; index++) {
    let tangent = null;
    partials[index].forEach((partial, place) => {
      const term = pushed(partial, tangents[graph.nodes[index].operands[place]]);
      if (term !== null) tangent = tangent === null ? term : tangent + term;
    });
    tangents.push(tangent);
  }
  return tangents;
}

// What passes an edge: a finite tangent stops at a blocked one, another becomes NaN.
function pushed(partial, tangent) {
  if (partial === null || tangent === null) return null;
  if (partial === BLOCKED) return Number.isFinite(tangent) ? null : NaN;
  return tangent * partial;
}

// The adjoint of every node from an output back; null where no active edge leads on.
function reverse(graph, partials, output) {
  const adjoints = graph.nodes.map(() => null);
  if (!graph.active[output]) return adjoints;
  adjoints[output] = 1;
  for (let index = output; index >= graph.variables.length; index--) {
    if (adjoints[index] === null) continue;
    partials[index].forEach((partial, place) => {
      if (partial === null) return;
      const operand = graph.nodes[index].operands[place];
      const term = passed(partial, adjoints[index]);
      adjoints[operand] = adjoints[operand] === null ? term : adjoints[operand] + term;
    });
  }
  return adjoints;
}

// What an adjoint hands on over an edge: a blocked one hands on 0 whatever arrives.
function passed(partial, adjoint) {
  return partial === BLOCKED ? 0 : adjoint * partial;
}
