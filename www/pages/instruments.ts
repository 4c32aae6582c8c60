/** The instruments that can stand alone, by the name that a link to one says. */

export interface Embeddable {
  /** Name in the hash of embed.html. */
  readonly name: string;
  readonly tag: string;
  /** What it shows, as a title. */
  readonly title: string;
  /** A height that holds it at usual widths, in CSS pixels. */
  readonly height: number;
  readonly load: () => Promise<unknown>;
}

export const embeddable: readonly Embeddable[] = [
  {
    name: "sweep",
    tag: "nd-sweep",
    title: "A quantity along a parameter, measured and by every theory",
    height: 760,
    load: () => import("../elements/sweep"),
  },
  {
    name: "cloud",
    tag: "nd-cloud",
    title: "The ensemble and the ellipses of the theories",
    height: 820,
    load: () => import("../elements/cloud"),
  },
  {
    name: "directions",
    tag: "nd-modes",
    title: "The variance along each eigen-direction",
    height: 620,
    load: () => import("../elements/modes"),
  },
  {
    name: "stability",
    tag: "nd-stability-map",
    title: "The map of stability",
    height: 640,
    load: () => import("../elements/stability-map"),
  },
  {
    name: "escape",
    tag: "nd-escape",
    title: "The escape from a well",
    height: 860,
    load: () => import("../elements/escape"),
  },
  {
    name: "posterior",
    tag: "nd-bayes",
    title: "SGD as a sampler of the posterior",
    height: 860,
    load: () => import("../elements/bayes"),
  },
  {
    name: "data",
    tag: "nd-data",
    title: "The data and the noise of their minibatches",
    height: 860,
    load: () => import("../elements/data"),
  },
  {
    name: "over-time",
    tag: "nd-over-time",
    title: "The ensemble over time, against the transients of every theory",
    height: 720,
    load: () => import("../elements/over-time"),
  },
  {
    name: "correlation",
    tag: "nd-correlation",
    title: "What the ensemble remembers of earlier steps",
    height: 760,
    load: () => import("../elements/correlation"),
  },
  {
    name: "optimizers",
    tag: "nd-comparison",
    title: "The same problem under several optimizers",
    height: 900,
    load: () => import("../elements/comparison"),
  },
];

/** Splits the hash of embed.html into the instrument and the scenario's own hash; the sweep where nothing is said. */
export function splitHash(hash: string): { instrument: string; hash: string } {
  const parts = hash.replace(/^#/, "").split("&");
  const named = parts.find((part) => part.startsWith("instrument="));
  const rest = parts.filter((part) => part !== named && part !== "").join("&");
  return { instrument: named?.slice("instrument=".length) ?? "sweep", hash: rest === "" ? "" : `#${rest}` };
}

/** One line of HTML that sets an instrument with a scenario into another page. `page` is the address of embed.html. */
export function toEmbed({ name, title, height }: Embeddable, page: string, hash: string): string {
  const source = `${page}#instrument=${name}${hash === "" ? "" : `&${hash.slice(1)}`}`;
  const quoted = source.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${quoted}" title="Noisy Descent: ${title}" width="100%" height="${height}" loading="lazy"></iframe>`;
}
