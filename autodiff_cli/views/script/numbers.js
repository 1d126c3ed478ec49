// Numbers as the program writes them, and as a student types them.

// A number with so many significant digits, 0 for all; halves to the even digit, as Python rounds.
function rounded(value, digits) {
  if (!digits || !Number.isFinite(value) || value === 0) return value;
  let text = value.toPrecision(digits);
  const short = value.toExponential();  // a half has one digit more; all 99 are slow to come by
  if (digits < 15 && short.indexOf("e") - short.indexOf(".") !== digits + 1) return Number(text);
  const exact = Math.abs(value).toExponential(99);
  const [kept, rest] = [exact[0] + exact.slice(2, digits + 1), exact.slice(digits + 1, 101)];
  const even = Number(kept[kept.length - 1]) % 2 === 0;
  if (even && /^\.?50*$/.test(rest)) {
    const power = exact.slice(exact.indexOf("e"));
    text = `${value < 0 ? "-" : ""}${kept[0]}.${kept.slice(1)}${power}`;
  }
  return Number(text);
}

// The shortest text that reads back as the same number, as Python's repr; whole numbers whole.
function shortest(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0";
  if (Math.abs(value) < 1e16 && Number.isInteger(value)) return BigInt(value).toString();
  const [digits, power] = Math.abs(value).toExponential().split("e");
  const exponent = Number(power), sign = value < 0 ? "-" : "";
  if (exponent >= 16 || exponent < -4) {
    const high = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits}e${exponent < 0 ? "-" : "+"}${high}`;
  }
  return String(value);
}

function written(value, digits) {
  return shortest(rounded(value, digits));
}
