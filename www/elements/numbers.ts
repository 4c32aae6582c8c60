/** Numbers for people: few digits, a real minus sign, and uncertainty to match. */

const MINUS = "−";

/** A number to some significant digits, without trailing zeros; powers of ten beyond five figures. */
export function digits(value: number | null | undefined, significant = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size >= 6 || size < -4) {
    const [mantissa = "", exponent = "0"] = value.toExponential(significant - 1).split("e");
    return signed(`${mantissa.replace(/\.?0+$/, "")} × 10${superscript(Number(exponent))}`);
  }
  const text = value.toFixed(Math.max(0, significant - 1 - size));
  return signed(text.includes(".") ? text.replace(/\.?0+$/, "") : text);
}

/** A measurement with its standard error: as many decimals as two digits of the error need. */
export function plusMinus(value: number | null | undefined, error: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (error === null || error === undefined || !(error > 0) || !Number.isFinite(error))
    return digits(value, 4);
  const size = Math.floor(Math.log10(error));
  if (Math.abs(value) >= 1e6 || size >= 5 || size < -6) return `${digits(value, 4)} ± ${digits(error, 2)}`;
  const decimals = Math.max(0, 1 - size);
  return signed(`${value.toFixed(decimals)} ± ${error.toFixed(decimals)}`);
}

/** A deviation in standard errors, with its sign. */
export function z(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = size >= 9.95 ? size.toFixed(0) : size.toFixed(1);
  if (text === "0.0") return text;
  return `${value < 0 ? MINUS : "+"}${text}`;
}

/** A probability; tiny ones as a bound that a person can read. */
export function probability(p: number): string {
  if (p >= 0.001) return `= ${p.toFixed(p < 0.01 ? 3 : 2)}`;
  const exponent = p > 0 ? Math.floor(Math.log10(p)) + 1 : -300;
  return `< 10${superscript(Math.max(exponent, -300))}`;
}

/** A count with thin spaces between thousands. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A time that is left, roughly. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${count(seconds / 86_400)} days`;
}

/** With a real minus sign; what is rounded to zero has none. */
function signed(text: string): string {
  return /^-[0.]+( |$)/.test(text) ? text.slice(1) : text.replace(/^-/, MINUS);
}

function superscript(exponent: number): string {
  return [...String(exponent)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");
}
