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

/** A number with so many more figures that it is not taken for another one that it is close to. */
export function digitsBeside(value: number, other: number, significant = 3): string {
  let figures = significant;
  while (figures < 12 && value !== other && digits(value, figures) === digits(other, figures)) figures++;
  return digits(value, figures);
}

/** A number for a narrow place: four figures, but three where a power of ten takes room too. */
export function brief(value: number | null | undefined): string {
  const text = digits(value, 4);
  return text.includes("×") ? digits(value, 3) : text;
}

/** A measurement with its standard error: as many decimals as two digits of the error need. */
export function plusMinus(value: number | null | undefined, error: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (error === null || error === undefined || !(error > 0) || !Number.isFinite(error)) return brief(value);
  const [size, power] = [sizeOf(error), sizeOf(Math.max(Math.abs(value), error))];
  if (power >= 6 || size < -6) {
    if (power - size > MOST_DECIMALS) return `${brief(value)} ± ${digits(error, 2)}`;
    return `(${fixed(mantissa(value, power), mantissa(error, power))}) × 10${superscript(power)}`;
  }
  return fixed(value, error);
}

/** Decimals beyond which a value and its error are no longer written over one power of ten. */
const MOST_DECIMALS = 5;

function fixed(value: number, error: number): string {
  const decimals = Math.max(0, 1 - sizeOf(error));
  return signed(`${value.toFixed(decimals)} ± ${error.toFixed(decimals)}`);
}

/** The power of ten in a number's notation. */
const sizeOf = (value: number) => Number(value.toExponential().split("e")[1]);

/** A number over a power of ten, also where that power is no number any more. */
function mantissa(value: number, power: number): number {
  const [digit = "0", exponent = "0"] = value.toExponential().split("e");
  return Number(`${digit}e${Number(exponent) - power}`);
}

/** A deviation in standard errors, with its sign; enormous ones as a bound. */
export function z(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "+";
  if (size >= 1e6) return value < 0 ? `< ${MINUS}10⁶` : "> 10⁶";
  if (size >= 9.95) return `${sign}${count(size)}`;
  const text = size.toFixed(1);
  return text === "0.0" ? text : `${sign}${text}`;
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

/** So many of something: "1 step", "20 000 steps". */
export function counted(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? "" : "s"}`;
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

/** Standard error of a count among so many: that of a binomial. */
export const countError = (n: number, of: number): number =>
  of > 0 ? Math.sqrt(Math.max(0, n * (1 - n / of))) : Number.NaN;

/** So many standard errors, in words. */
export function standardErrors(deviation: number): string {
  const text = digits(Math.abs(deviation), 2);
  return `${text} standard error${text === "1" ? "" : "s"}`;
}
