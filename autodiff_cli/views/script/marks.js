// What is written into an element: texts with their labels, numbers into their places.

// A text with its labels as mathematics: w2 with a low number, w̄2 and ẇ2 in their colours.
function labelled(graph, text) {
  const {letter} = graph, signs = [barred(letter), dotted(letter), letter].join("|");
  const sign = new RegExp(`(?<![\\p{L}\\d_])(∂?)(${signs})(\\d+)(?![\\p{L}\\d_])`, "gu");
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(sign)) {
    const [whole, slope, name, digits] = match;
    parts.push(text.slice(end, match.index), label(slope, name, digits, graph));
    end = match.index + whole.length;
  }
  return [...parts, text.slice(end)];
}

function label(slope, name, digits, {letter}) {
  const kind = {[barred(letter)]: "m a", [dotted(letter)]: "m t"}[name] || "m";
  const found = element("span", kind, slope);
  found.append(element("i", "", name), element("sub", "", digits));
  return found;
}

function paragraph(graph, text) {
  const found = element("p", "");
  found.append(...labelled(graph, text));
  return found;
}

function note(graph, kind, text) {
  const found = element("li", "");
  found.append(element("b", "", kind.replaceAll("-", " ")), " ", ...labelled(graph, text));
  return found;
}

function element(tag, kind, text = "") {
  const found = document.createElement(tag);
  if (kind) found.className = kind;
  if (text) found.textContent = text;
  return found;
}

// Variables whose tangents stand in the picture too, as views/fragment.py draws it.
const MOST_DRAWN = 2;

// Where the numbers of a row of the table stand: each is put among the places of its key.
function hangRow(row, places) {
  const {of} = row.dataset;
  hang(places, `${of} value`, row.querySelector(".v"));
  row.querySelectorAll(".t").forEach((cell, place) => hang(places, `${of} tangent-${place}`, cell));
  hang(places, `${of} adjoint`, row.querySelector(".a"));
  row.querySelectorAll("[data-by]").forEach((cell) => hang(places, `${of} ${cell.dataset.by} partial`, cell));
}

// Where those of a card in the picture stand, or of an edge.
function hangPart(part, graph, places) {
  const {of} = part.dataset, tangents = graph.wrt.map((_, place) => `tangent-${place}`);
  const shown = tangents.length > MOST_DRAWN ? [] : tangents;
  const names = of.includes(" ") ? ["partial"] : ["value", ...shown, "adjoint"];
  part.querySelectorAll("text.number").forEach((text, place) => {
    hang(places, `${of} ${names[place]}`, text);
    text.classList.add(names[place].replace(/-.*/, ""));
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    const key = text.previousElementSibling, box = part.querySelector("rect:not(.behind)");
    text.room = box.width.baseVal.value - (key.matches("text") ? 30 + key.textContent.length * 6.6 : 4);
  });
}

function hang(places, key, place) {
  if (places.has(key)) places.get(key).push(place);
  else places.set(key, [place]);
}

// A number that is broader than its place in the picture is squeezed into it. How broad it is, is
// reckoned by its signs: to ask would lay the page out again for every number.
const SIGN = 7.6;

function fit(text, shown) {
  const squeezed = shown.length * SIGN > text.room;
  if (!squeezed && !text.squeezed) return;
  text.squeezed = squeezed;
  if (squeezed) text.setAttribute("textLength", text.room);
  else text.removeAttribute("textLength");
}

// The active row, or card, into sight: inside of its own region only, and there into the middle of
// what the window shows of it.
function follow(part, region) {
  if (!part) return;
  const [inner, outer] = [part.getBoundingClientRect(), region.getBoundingClientRect()];
  const begin = outer.top + (region.querySelector("thead")?.offsetHeight || 0);
  const seen = [Math.max(begin, 0), Math.min(outer.bottom, innerHeight)];
  const [top, bottom] = seen[1] - seen[0] > inner.height ? seen : [begin, outer.bottom];
  if (inner.top < top || inner.bottom > bottom) {
    region.scrollTop += (inner.top + inner.bottom - top - bottom) / 2;
  }
  if (!part.matches("g") || (inner.left >= outer.left && inner.right <= outer.right)) return;
  region.scrollLeft += (inner.left + inner.right - outer.left - outer.right) / 2;
}

// Of a graph that is too big for a picture, what stands around one node: consumers, node, operands.
const MOST_AROUND = 12;

function neighbours(graph, node, show) {
  const consumers = graph.labelled.filter((k) => graph.edges[k].includes(node));
  const rows = [["taken by", consumers], ["", [node]], ["made of", graph.edges[node]]];
  return rows.filter(([, nodes]) => nodes.length).map(([title, nodes]) => {
    const row = element("div", "row"), more = nodes.length - MOST_AROUND;
    if (title) row.append(element("span", "by", title));
    row.append(...nodes.slice(0, MOST_AROUND).map((k) => card(graph, k, k === node, show)));
    if (more > 0) row.append(element("span", "by", `and ${more.toLocaleString("en")} more`));
    return row;
  });
}

function card(graph, node, active, show) {
  const found = element("div", active ? "card active" : "card"), head = element("p", "");
  const own = [graph.names[node], graph.labels[node], graph.operations[node] || graph.variables[node].name];
  head.append(...labelled(graph, brief(own.filter(Boolean).join(" = "), 80)));
  found.append(head, ...["value", "adjoint"].map((what) => element("p", what, show(node, what))));
  return found;
}
