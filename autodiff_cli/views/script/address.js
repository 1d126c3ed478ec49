// State in the address: #x=4&~step=3. What a page of several films has is kept apart by their ids.
function keep(root, graph, state) {
  if (root.dataset.address === undefined) return;
  const said = graph.variables.flatMap(({name, at}, k) =>
    Object.is(at, state.at[k]) ? [] : [[name, shortest(state.at[k])]]);
  if (state.step) said.push(["~step", state.step]);
  if (state.output) said.push(["~of", state.output]);
  if (state.practice !== graph.practice) said.push(["~practice", Number(state.practice)]);
  const mine = said.map(([name, value]) => `${root.dataset.address}${encodeURIComponent(name)}=${value}`);
  const others = entries().filter((entry) => !entry.startsWith(root.dataset.address) || !root.dataset.address);
  const kept = root.dataset.address ? [...others, ...mine].sort() : mine;
  try {
    history.replaceState(null, "", kept.length ? `#${kept.join("&")}` : location.pathname + location.search);
  } catch {
    // A page inside another may have no history of its own.
  }
}

function entries() {
  return location.hash.slice(1).split("&").filter(Boolean);
}

function restore(root, graph, state) {
  if (root.dataset.address === undefined) return;
  for (const entry of entries()) {
    if (!entry.startsWith(root.dataset.address)) continue;
    const [name, value] = entry.slice(root.dataset.address.length).split("=");
    const number = Number(value), which = graph.variables.findIndex((v) => encodeURIComponent(v.name) === name);
    if (which >= 0 && Number.isFinite(number)) state.at[which] = number;
    if (name === "~step" && Number.isInteger(number)) state.step = Math.max(0, number);
    if (name === "~of" && graph.outputs[number]) state.output = number;
    if (name === "~practice") state.practice = number === 1;
  }
}
