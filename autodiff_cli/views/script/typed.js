// An answer as somebody typed it, read as teach/typed.py reads it: its value, and how far its digits
// tell it from other numbers. Names stand for what is known by now.

const NEAR = 1e-9, CUT = 3, WHOLE = 0.005;

// {value, unit: one in its last place, digits}, or null if it is no number.
function typed(text, known = new Map()) {
  const plain = text.replaceAll("−", "-");
  const match = /^[≈~=\s]*([+-]?)\s*(\d*)(?:[.,](\d*))?(?:\s*(?:e|·\s*10\^)([+-]?\d+))?[…\s]*$/.exec(plain);
  if (match && (match[2] || match[3])) {
    const [, sign, whole, fraction = "", exponent = "0"] = match;
    const value = Number(`${whole || 0}.${fraction || 0}e${exponent}`);
    const digits = (whole + fraction).replace(/^0+/, "").length || 1;
    return {value: sign === "-" ? -value : value, unit: 10 ** (exponent - fraction.length), digits};
  }
  const value = evaluated(plain, known);
  if (value === null) return null;
  const decimals = /\p{L}/u.test(plain) ? [] : plain.match(/\d*\.\d+/g) || [];
  if (!decimals.length) return {value, unit: 0, digits: 0};
  const least = Math.min(...decimals.map((one) => one.replace(".", "").replace(/^0+/, "").length));
  const size = value ? 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1) : 1;
  return {value, unit: size * 10 ** -least, digits: least};
}

function equals({value, unit, digits}, number) {
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

const CONSTANTS = {pi: Math.PI, "π": Math.PI, e: Math.E};
const FUNCTIONS = ("sqrt cbrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh "
  + "asinh acosh atanh abs floor ceil").split(" ");
const SPELLED = {"√": "sqrt", ln: "log", arcsin: "asin", arccos: "acos", arctan: "atan"};

// An expression by the precedence of the program's language; null if it is none.
function evaluated(text, known) {
  const sign = /(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|([\p{L}_][\p{L}\p{M}\d_]*)|\S/gu;
  const tokens = text.replace(/\b(bar|dot)[ _]*(?=\p{L})/gu, "$1_").replaceAll("**", "^").match(sign) || [];
  let place = 0;
  const next = () => tokens[place], take = () => tokens[place++];
  const fail = () => { throw new SyntaxError(text); };
  const sum = () => {
    let value = product();
    while (next() === "+" || next() === "-") value = take() === "+" ? value + product() : value - product();
    return value;
  };
  const product = () => {
    let value = signed();
    while (next() !== undefined && /^[*/·×÷]$|^[\p{L}\d.(√]/u.test(next())) {
      const between = /^[*/·×÷]$/.test(next()) ? take() : "*", factor = signed();
      value = between === "/" || between === "÷" ? value / factor : value * factor;
    }
    return value;
  };
  const signed = () => (next() === "-" ? (take(), -signed()) : power());
  const power = () => {
    const base = atom();
    return next() === "^" ? (take(), base ** signed()) : base;
  };
  const atom = () => {
    const token = take() ?? fail();
    if (token === "(") {
      const value = sum();
      return take() === ")" ? value : fail();
    }
    if (/^[\d.]/.test(token)) return Number(token);
    if (known.has(token)) return known.get(token);
    if (Object.hasOwn(CONSTANTS, token)) return CONSTANTS[token];
    const called = Object.hasOwn(SPELLED, token) ? SPELLED[token] : token;
    return FUNCTIONS.includes(called) ? Math[called](atom()) : fail();
  };
  try {
    const value = sum();
    return place === tokens.length ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

// Name → number, for all that an answer may stand over at a step.
function knownBy(graph, computed, step, question) {
  const known = new Map(graph.variables.map(({name}, k) => [name, computed.values[k]]));
  const frame = computed.frames[step - 1], own = frame.node, tangents = computed.tangents[question.place || 0];
  for (const {sweep, node, total} of computed.frames.slice(0, step)) {
    const label = graph.labels[node];
    if (sweep === "reverse") {
      if (node !== own) set(known, "bar", label, barred(label), total);
    } else {
      if (node !== own || question.part !== "value") known.set(label, computed.values[node]);
      if (tangents && (node !== own || frame.sweep === "reverse")) set(known, "dot", label, dotted(label), still(tangents[node]));
    }
  }
  return known;
}

function set(known, word, label, marked, number) {
  known.set(`${word}_${label}`, number);
  known.set(marked, number);
  known.set(marked.normalize("NFC"), number);
}
