// Practice: what is asked at each frame, what is right, and which usual slip a wrong answer is.
// Answers are read as teach/typed.py reads them; SLIPS are the rows of teach/catalogue.py.

const NEAR = 1e-9, CUT = 3, WHOLE = 0.005;

// The questions of a frame: {key, asked, right, hint, wrong}, where wrong() is [[slip, number, names], …].
function questions(graph, computed, wording, frame) {
  const wanted = (what) => graph.hidden.includes(what);
  const {node} = frame, found = [];
  if (frame.sweep === "forward") {
    if (node < graph.variables.length) return [];
    if (wanted("value")) found.push(askValue(graph, computed, wording, node));
    if (wanted("partial")) graph.edges[node].forEach((operand) => {
      const question = askPartial(graph, computed, wording, node, operand);
      if (question) found.push(question);
    });
    if (wanted("tangent")) computed.tangents.forEach((_, place) => {
      found.push(askTangent(graph, computed, wording, node, place));
    });
  } else if (wanted("adjoint")) {
    if (frame.consumer === undefined) found.push(askSeed(graph, computed, wording, frame));
    else if (frame.count > 1) found.push(askTerm(graph, computed, wording, frame));
    if (frame.consumer !== undefined && frame.whole) found.push(askSum(graph, computed, wording, frame));
  }
  return found;
}

function askValue(graph, computed, wording, node) {
  return {
    key: `${node} value`, asked: `What is ${wording.label(node)}?`, right: computed.values[node],
    hint: `${wording.label(node)} = ${graph.operations[node]}`, wrong: () => [],
  };
}

function askPartial(graph, computed, wording, node, operand) {
  const right = together(graph, computed.partials, node, operand);
  if (right === null) return null;
  const rule = graph.partials[`${node} ${operand}`], asked = wording.local(node, operand);
  return {key: `${node} ${operand} partial`, asked: `What is ${asked}?`, right,
    hint: `${wording.label(node)} = ${graph.operations[node]}, so ${asked} = ${rule}`, wrong: () => []};
}

function askTangent(graph, computed, wording, node, place) {
  const tangents = computed.tangents[place], name = graph.variables[graph.wrt[place]].name;
  const terms = graph.edges[node].flatMap((operand) =>
    given(graph, computed.partials, node).filter((term) => term.operand === operand));
  const names = terms.map(({operand, partial}) => ({
    arriving: still(tangents[operand]), partial: number(partial), own: computed.values[operand],
    value: computed.values[operand], tangent: still(tangents[operand]),
    consumer: wording.label(node), operand: wording.label(operand), row: graph.nodes[node].row,
  }));
  const by = graph.wrt.length > 1 ? ` for ${name}` : "";
  const sum = terms.map(({operand}) => `${wording.local(node, operand)}·${wording.tangent(operand)}`);
  return {
    key: `${node} tangent-${place}`, asked: `What is ${wording.tangent(node)}${by}?`,
    right: still(tangents[node]),
    wrong: () => [...slipped(names, true), ...(node === computed.output ? calculus(graph, computed, place) : [])],
    hint: `${wording.tangent(node)} = ${[...new Set(sum)].join(" + ")}`,
  };
}

function askSeed(graph, computed, wording, {node, seed, total}) {
  const value = computed.values[computed.output];
  return {
    key: `${node} adjoint`, asked: `What is ${wording.adjoint(node)}?`, right: total,
    hint: seed ? `${computed.called} by itself` : `does anything on the way to ${computed.called} use it?`,
    wrong: () => (seed ? [["wrong-seed", value, {}]] : []),
  };
}

function askTerm(graph, computed, wording, frame) {
  const {node, consumer, product} = frame;
  return {
    key: `${node} term ${frame.term}`, right: product,
    asked: `What does ${wording.adjoint(node)} get from ${wording.label(consumer)}?`,
    hint: `${wording.adjoint(consumer)}·${wording.local(consumer, node)}`,
    wrong: () => slipped([edgeNames(graph, computed, wording, frame)], false),
  };
}

function askSum(graph, computed, wording, frame) {
  const {node, total, count} = frame;
  const sums = () => {
    const terms = computed.frames.filter((f) => f.node === node && f.consumer !== undefined);
    const edges = terms.map((term) => edgeNames(graph, computed, wording, term));
    const place = graph.wrt.indexOf(node);
    return [
      ...summed(terms, wording.label(node)), ...slipped(edges, false), ["not-zeroed", 2 * total, {}],
      ...(place >= 0 && place < FOLLOWED ? calculus(graph, computed, place) : []),
    ];
  };
  return {
    key: `${node} adjoint`, asked: `What is ${wording.adjoint(node)}?`, right: total,
    hint: count > 1 ? `all ${count} terms, added up`
      : `${wording.adjoint(frame.consumer)}·${wording.local(frame.consumer, node)}`,
    wrong: sums,
  };
}

// A sum that is one of its terms, or has some of them twice.
function summed(terms, label) {
  const products = terms.map(({product}) => product), all = products.reduce((a, b) => a + b, 0);
  return products.length < 2 ? [] : products.flatMap((product, place) => [
    ["assigned-not-added", product, {node: label, uses: products.length}],
    ...(place ? [["passed-too-early", all + products.slice(0, place).reduce((a, b) => a + b, 0), {node: label}]] : []),
  ]);
}

function edgeNames(graph, computed, wording, {node, consumer, slope}) {
  return {
    arriving: computed.adjoints[consumer], partial: slope, own: computed.values[node],
    value: computed.values[consumer], tangent: computed.tangents.length ? still(computed.tangents[0][consumer]) : NaN,
    consumer: wording.label(consumer), operand: wording.label(node), row: graph.nodes[consumer].row,
  };
}

// The sum of all edges with one of them wrong, by each slip that one edge can have.
function slipped(edges, forwards) {
  const products = edges.map(({arriving, partial}) => arriving * partial);
  return SLIPS.flatMap(({id, of, wrong}) => edges.flatMap((edge, place) => {
    const fits = of === "edge" || (of === "edge back" && !forwards)
      || (of === "product edge" && edge.row === "multiply/2")
      || (of === "one edge of several" && edges.length > 2);
    if (!fits) return [];
    const {arriving, partial, own, value, tangent} = edge;
    const changed = products.with(place, wrong(arriving, partial, own, value, tangent));
    return [[id, changed.reduce((a, b) => a + b, 0), edge]];
  }));
}

// Slips of calculus in the whole derivative: they were worked out at the first point.
function calculus(graph, computed, place) {
  if (!computed.first) return [];
  return (graph.calculus[`${computed.output} ${place}`] || []).map(([said, value]) => [said, float(value), {}]);
}

// What is said of an answer: {right: true or false or null, said}.
function marked(question, text) {
  const answer = typed(text);
  if (!answer) return {right: null, said: "Write a number, such as 0.5, or a sum of numbers, such as 3*4^2."};
  if (equals(answer, question.right)) return {right: true, said: "Right."};
  const fits = question.wrong().filter(([, value]) => isLike(answer, value) && !equals(answer, question.right));
  const named = [...new Map(fits.map((fit) => [fit[0], fit])).values()].sort((a, b) => (rank(a) > rank(b)) - (rank(a) < rank(b)));
  if (!named.length) return {right: false, said: "Not yet. It is none of the usual slips."};
  return {right: false, said: `Not yet. ${named.slice(0, 2).map(slipText).join(" Or: ")}`};
}

function rank([id]) {
  const place = Object.keys(NAMES).indexOf(id);
  return place < 0 ? Infinity : place;
}

function slipText([id, , names]) {
  const slip = NAMES[id];
  if (!slip) return `${id}.`;
  const said = slip.text.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? name);
  return `${slip.name[0].toUpperCase()}${slip.name.slice(1)}: ${said}.`;
}

// A number as it was typed: its value, one in its last place, and its digits; null if it is none.
function typed(text) {
  const word = {inf: Infinity, "-inf": -Infinity, "∞": Infinity, "-∞": -Infinity, nan: NaN}[text.trim().toLowerCase()];
  if (word !== undefined) return {value: word, unit: 0, digits: 0};
  const plain = text.replaceAll("−", "-");
  const match = /^[≈~=\s]*([+-]?)\s*(\d*)(?:[.,](\d*))?(?:\s*(?:e|·\s*10\^)([+-]?\d+))?[…\s]*$/i.exec(plain);
  if (match && (match[2] || match[3])) {
    const [, sign, whole, fraction = "", exponent = "0"] = match;
    const value = Number(`${whole || 0}.${fraction || 0}e${exponent}`);
    const digits = (whole + fraction).replace(/^0+/, "").length || 1;
    return {value: sign === "-" ? -value : value, unit: 10 ** (exponent - fraction.length), digits};
  }
  const value = evaluated(plain);
  if (value === null) return null;
  const decimals = plain.match(/\d*\.\d+/g) || [];
  if (!decimals.length) return {value, unit: 0, digits: 0};
  const least = Math.min(...decimals.map((one) => one.replace(".", "").replace(/^0+/, "").length));
  const size = value ? 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1) : 1;
  return {value, unit: size * 10 ** -least, digits: least};
}

function equals({value, unit, digits}, number) {
  if (!Number.isFinite(number)) return Object.is(value, number);
  const gap = Math.abs(value - number);
  if (gap <= NEAR * Math.max(Math.abs(value), Math.abs(number))) return true;
  const own = number && digits
    ? Math.min(unit, 10 ** (Math.floor(Math.log10(Math.abs(number))) + 1 - digits)) : unit;
  return gap <= own * (digits >= CUT ? 1 : 0.5) * (1 + NEAR);
}

// Whether a wrong answer is this one: 3 is not, where it is 3.4.
function isLike(answer, number) {
  const whole = answer.unit >= 1 && answer.digits < CUT;
  return whole ? Math.abs(answer.value - number) <= WHOLE : equals(answer, number);
}

// An expression of numbers, by the precedence of the program's language; null if it is none.
function evaluated(text) {
  const tokens = text.replaceAll("**", "^").match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[a-z]+\d*|π|√|[-+*/^()·×÷]|\S/gi) || [];
  let place = 0;
  const next = () => tokens[place], take = () => tokens[place++];
  const CONSTANTS = {pi: Math.PI, "π": Math.PI, e: Math.E};
  const sum = () => {
    let value = product();
    while (next() === "+" || next() === "-") value = take() === "+" ? value + product() : value - product();
    return value;
  };
  const product = () => {
    let value = signed();
    while (next() !== undefined && /^[*/·×÷]$|^[\w.(π√]/.test(next())) {
      const sign = /^[*/·×÷]$/.test(next()) ? take() : "*";
      value = sign === "/" || sign === "÷" ? value / signed() : value * signed();
    }
    return value;
  };
  const signed = () => {
    if (next() === "-") return take(), -signed();
    return power();
  };
  const power = () => {
    const base = atom();
    return next() === "^" ? (take(), base ** signed()) : base;
  };
  const atom = () => {
    const token = take();
    if (token === "(") {
      const value = sum();
      return take() === ")" ? value : fail();
    }
    if (/^[\d.]/.test(token)) return Number(token);
    if (token in CONSTANTS) return CONSTANTS[token];
    const called = {"√": "sqrt", ln: "log", arcsin: "asin", arccos: "acos", arctan: "atan"}[token] || token;
    return FUNCTIONS.includes(called) ? Math[called](atom()) : fail();
  };
  const fail = () => { throw new SyntaxError(text); };
  try {
    const value = sum();
    return place === tokens.length ? value : null;
  } catch {
    return null;
  }
}

const FUNCTIONS = ("sqrt cbrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh "
  + "asinh acosh atanh abs floor ceil").split(" ");
