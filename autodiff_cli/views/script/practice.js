// Practice: what is asked at each frame, and what is said of an answer. Questions, marks and words
// are those of teach/prediction.py; SLIPS are the rewrites of teach/catalogue.py.

// The questions of a frame: {key, kind, asked, right, hint, others, wrong}, those that are finite.
// others() and wrong() are what else an answer may be: [number, what to say] each.
function questions(graph, computed, wording, frame) {
  const wanted = (what) => graph.hidden.includes(what);
  const ask = frame.sweep === "forward" ? askedForward : askedBack;
  return ask(graph, computed, wording, frame).filter(({part, right}) => wanted(part) && Number.isFinite(right));
}

function askedForward(graph, computed, wording, {node}) {
  const label = wording.label(node), found = [];
  if (graph.edges[node].length) {
    found.push({
      key: `${node} value`, part: "value", asked: `${label} = ${wording.operation(node)} = ?`,
      right: computed.values[node], hint: `put the numbers of ${names(graph, node)} into it`,
      others: () => [], wrong: () => [],
    });
  }
  graph.edges[node].forEach((operand) => found.push(askedPartial(graph, computed, wording, node, operand)));
  computed.tangents.forEach((tangents, place) => {
    const here = wording.tangent(node), by = graph.variables[graph.wrt[place]].name;
    found.push({
      key: `${node} tangent-${place}`, part: "tangent", right: still(tangents[node]), place,
      asked: `${here} = ? How fast does ${label} move when ${by} does?`,
      hint: symbols(graph, computed, wording, node) || `does ${graph.variables[node]?.name} move with ${by}?`,
      others: () => [[computed.values[node], `That is the value of ${label}, not its tangent`]],
      wrong: () => [
        ...ahead(graph, computed, wording, node, tangents),
        ...(node === computed.output ? calculus(graph, computed, place) : []),
      ],
    });
  });
  return found.filter(Boolean);
}

function askedPartial(graph, computed, wording, node, operand) {
  const right = together(graph, computed.partials, node, operand), asked = wording.local(node, operand);
  return right === null ? null : {
    key: `${node} ${operand} partial`, part: "partial", asked: `${asked} = ?`, right,
    hint: `${asked} = ${graph.partials[`${node} ${operand}`]}`, others: () => [], wrong: () => [],
  };
}

function askedBack(graph, computed, wording, frame) {
  const {node, consumer, before, count, term} = frame, here = wording.adjoint(node);
  if (consumer === undefined) {
    const last = node === graph.labelled[graph.labelled.length - 1];
    return [{
      key: `${node} adjoint`, part: "adjoint", right: frame.total,
      asked: `${here} = ? How fast does ${computed.called} move when ${wording.label(node)} does?`,
      hint: frame.seed ? `${computed.called} moves with itself` : `nothing on the way to ${computed.called} uses it`,
      others: () => [],
      wrong: () => (last ? [[computed.values[node], slipText("wrong-seed", {})]] : []),
    }];
  }
  const sent = {
    key: `${node} ${count > 1 ? `term ${term}` : "adjoint"}`, part: "adjoint", right: frame.product,
    asked: `What does ${here} get from ${wording.label(consumer)}?`,
    hint: `${wording.adjoint(consumer)}·${wording.local(consumer, node)}`,
    others: () => [
      ...(before === null ? [] : [[frame.total, "That is the sum after this step: first its new term"]]),
      ...mistaken(computed, wording, node),
    ],
    wrong: () => [
      ...back(graph, computed, wording, frame), ...(count > 1 ? [] : gradient(graph, computed, frame)),
    ],
  };
  const sum = {
    key: `${node} ${term < count ? `sum ${term}` : "adjoint"}`, part: "adjoint", right: frame.total,
    asked: `${here} = ? It had ${wording.number(before)} before.`,
    hint: `${wording.number(before)} + ${wording.bracketed(frame.product)}`,
    others: () => mistaken(computed, wording, node),
    wrong: () => [
      [frame.product, slipText("assigned-not-added", {node: wording.label(node), uses: count})],
      [before, slipText("edge-left-out", ends(wording, frame))], ...gradient(graph, computed, frame),
    ],
  };
  return before === null ? [sent] : [sent, sum];
}

function names(graph, node) {
  return graph.edges[node].map((operand) => graph.labels[operand]).join(" and ");
}

function symbols(graph, computed, wording, node) {
  return graph.edges[node]
    .filter((operand) => together(graph, computed.partials, node, operand) !== null)
    .map((operand) => `${wording.local(node, operand)}·${wording.tangent(operand)}`).join(" + ");
}

// Another number of the same row.
function mistaken(computed, wording, node) {
  const label = wording.label(node);
  return [
    [computed.values[node], `That is the value of ${label}, not its adjoint`],
    ...computed.tangents.map((tangents) => [still(tangents[node]), `That is the tangent of ${label}, not its adjoint`]),
  ];
}

function ends(wording, {node, consumer}) {
  return {node: wording.label(node), consumer: wording.label(consumer), operand: wording.label(node)};
}

// The slips of what passes an edge backwards.
function back(graph, computed, wording, frame) {
  const {node, consumer, slope, count} = frame, labels = {...ends(wording, frame), uses: count};
  const sums = computed.frames.filter((one) => one.sweep === "reverse" && one.node === consumer);
  const passage = {
    arriving: computed.adjoints[consumer], partial: slope, own: computed.values[node],
    value: computed.values[consumer],
    tangent: computed.tangents.length ? still(computed.tangents[0][consumer]) : NaN,
    product: graph.nodes[consumer].row === "multiply/2",
  };
  return [
    ...sums.slice(0, -1).map(({total}) =>
      [total * slope, slipText("passed-too-early", {...labels, node: wording.label(consumer)})]),
    ...SLIPS.filter(({of}) => of !== "one edge of several" && meets(of, passage))
      .map(({id, wrong}) => [rewritten(wrong, passage), slipText(id, labels)]),
  ];
}

// The slips of a tangent: at one of the edges that lead to the node, or at all.
function ahead(graph, computed, wording, node, tangents) {
  const edges = graph.edges[node]
    .map((operand) => ({operand, partial: together(graph, computed.partials, node, operand)}))
    .filter(({partial}) => partial !== null);
  const passages = edges.map(({operand, partial}) => ({
    arriving: still(tangents[operand]), partial, own: computed.values[operand],
    value: computed.values[operand], tangent: NaN, product: graph.nodes[node].row === "multiply/2",
    several: edges.length > 1, forward: true,
    labels: {node: wording.label(node), consumer: wording.label(node), operand: wording.label(operand), uses: 0},
  }));
  const terms = passages.map(({arriving, partial}) => arriving * partial), add = (a, b) => a + b;
  return SLIPS.flatMap(({id, of, wrong}) => {
    const others = passages.map((one, k) => (meets(of, one) ? rewritten(wrong, one) : terms[k]));
    const all = of === "one edge of several" || !passages.length ? []
      : [[others.reduce(add, 0), slipText(id, passages[0].labels)]];
    return [...all, ...passages.flatMap((one, k) => (meets(of, one)
      ? [[terms.with(k, others[k]).reduce(add, 0), slipText(id, one.labels)]] : []))];
  });
}

function meets(of, {product, several, forward}) {
  return {edge: true, "edge back": !forward, "product edge": product, "one edge of several": several}[of];
}

function rewritten(wrong, {arriving, partial, own, value, tangent}) {
  return wrong(arriving, partial, own, value, tangent);
}

// Slips in a whole derivative: what an earlier sweep has left in it, and those of calculus, which
// were worked out at the first point.
function gradient(graph, computed, {node, whole, total}) {
  if (!whole || node >= graph.variables.length) return [];
  const place = graph.wrt.indexOf(node);
  const found = place >= 0 && place < FOLLOWED ? calculus(graph, computed, place) : [];
  return [[2 * total, slipText("not-zeroed", {})], ...found];
}

function calculus(graph, computed, place) {
  if (!computed.first) return [];
  return (graph.calculus[`${computed.output} ${place}`] || []).map(([said, value]) => [float(value), said]);
}

function slipText(id, labels) {
  const {name, text} = NAMES[id], said = text.replace(/\{(\w+)\}/g, (_, one) => labels[one] ?? one);
  return `${name[0].toUpperCase()}${name.slice(1)}: ${said}`;
}

// What is said of an answer: {right: true, false, or null where it cannot be read; said}.
function answered(question, text, known, shown) {
  const answer = typed(text, known);
  if (!answer || !Number.isFinite(answer.value)) {
    return {right: null, said: `${text} cannot be read. Write a number, or a formula such as 3*w1^2.`};
  }
  if (equals(answer, question.right)) return {right: true, said: `Right: ${shown}.`};
  const fits = ([number]) => number !== question.right && Number.isFinite(number) && isLike(answer, number);
  const found = question.others().find(fits) || question.wrong().find(fits);
  return {right: false, said: `${text} is not it. ${found ? found[1] : "It is none of the usual slips"}. Try again.`};
}
