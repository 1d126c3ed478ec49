// From the data of an element to all numbers at a point.

// The data of an element as the modules want it.
function read(root) {
  const data = FILMS[root.id];
  const nodes = [...data.variables.map(() => ({})), ...data.nodes.map(node)];
  const graph = {...data, nodes, active: [...data.active].map(Number)};
  graph.labelled = nodes.map((_, k) => k).filter((k) => data.labels[k]);
  graph.edges = nodes.map((_, k) => edges(graph, k));
  graph.variables = data.variables.map((variable) => ({...variable, at: float(variable.at)}));
  graph.first = {
    values: data.first.values.map(float),
    partials: data.first.partials.map((slopes) => slopes.map(float)),
  };
  return graph;
}

function node(given) {
  if (Array.isArray(given)) return {row: given[0], operands: given.slice(1)};
  return {constant: float(given)};
}

function float(given) {
  if (typeof given !== "string") return given;
  return given === "blocked" ? BLOCKED : {inf: Infinity, "-inf": -Infinity, nan: NaN}[given];
}

// The labelled operands of a node, each once; those of a condition stand inside it.
function edges(graph, k) {
  const operands = graph.nodes[k].operands || [];
  const found = operands.flatMap((operand) =>
    graph.labels[operand] ? [operand] : graph.nodes[operand].operands || []);
  return [...new Set(found)].filter((operand) => graph.labels[operand]);
}

// All numbers at a point: Python's own at the first one, so that it is the trace to the last digit.
function compute(graph, {at, output}) {
  const first = at.every((value, k) => Object.is(value, graph.variables[k].at));
  const {values, partials} = first ? graph.first : linearise(graph, at);
  const shown = graph.wrt.slice(0, FOLLOWED);
  const computed = {
    first, values, partials,
    tangents: shown.map((variable) => forward(graph, partials, variable)),
    adjoints: reverse(graph, partials, graph.outputs[output].node),
    output: graph.outputs[output].node,
    called: graph.outputs[output].name,
  };
  computed.frames = frames(graph, computed);
  computed.notes = departures(graph, computed);
  return computed;
}

// What is known after so many frames; of 0 frames, which is the whole picture, everything.
function knowledge(graph, computed, step) {
  const known = {forward: new Set(graph.labelled), adjoints: new Map()};
  const shown = step ? computed.frames.slice(0, step) : computed.frames;
  if (step) known.forward = new Set(shown.filter((f) => f.sweep === "forward").map((f) => f.node));
  shown.filter((f) => f.sweep === "reverse").forEach((f) => known.adjoints.set(f.node, f.total));
  return known;
}
