/** The errata page: each demonstration is computed when it is seen, and again whenever a value changes. */
import "./faces";
import "../plot/theme.css";
import "./playground.css";
import "./errata.css";
import { startEngine } from "../engine/engine";
import list from "../engine/pkg/errata.json";
import type { ErratumEntry } from "../engine/protocol";
import { Demonstration } from "./demonstration";
import { fromHash, toHash } from "./errata-link";
import { find } from "./page";

const entries = list as unknown as readonly ErratumEntry[];

/** A demonstration takes a second at most; more workers than these would only take memory. */
const WORKERS = Math.min(4, navigator.hardwareConcurrency || 2);

/** How far below the window an article may be when it is computed: read from top to bottom, it is there in time. */
const AHEAD = "300px";

/** The address that the link past the head leads to. */
const SKIP = "#errata";

const engine = startEngine(WORKERS);
const linkProblem = find<HTMLElement>("#link-problem");
const progress = find<HTMLElement>("#progress");
const all = find<HTMLButtonElement>("#all");

const demonstrations = new Map<string, Demonstration>();
for (const entry of entries) {
  const article = find<HTMLElement>(`[data-erratum="${entry.number}"]`);
  const changed = (typed: boolean) => {
    if (typed) link(entry.number);
    tell();
  };
  demonstrations.set(entry.number, new Demonstration(article, entry, engine, changed));
}

/** Puts every changed value into the address, and where the link leads. */
function link(at: string): void {
  const given = new Map(
    [...demonstrations]
      .map(([number, { given: values }]) => [number, values] as const)
      .filter(([, v]) => v.size),
  );
  const hash = toHash(given, at);
  if (hash !== location.hash) history.pushState(null, "", `${location.pathname}${location.search}${hash}`);
}

function tell(): void {
  const known = [...demonstrations.values()]
    .map(({ confirmed }) => confirmed)
    .filter((it) => it !== undefined);
  const confirmed = known.filter(Boolean).length;
  progress.textContent = `${known.length} of ${entries.length} computed, ${confirmed} confirmed`;
  all.disabled = known.length === entries.length;
}

/** Takes the address: at the start, and on Back, Forward and a change by hand. */
function load(): void {
  const { at, given, problems } = fromHash(location.hash, entries);
  for (const [number, demonstration] of demonstrations) demonstration.give(given.get(number) ?? new Map());
  linkProblem.hidden = problems.length === 0;
  linkProblem.textContent = problems.join("; ");
  if (at !== undefined) go(at);
}

/** Leads to an erratum, the keyboard too. */
function go(at: string): void {
  const article = find<HTMLElement>(`[data-erratum="${at}"]`);
  article.scrollIntoView();
  article.focus({ preventScroll: true });
}

load();
window.addEventListener("popstate", () => {
  // The link past the head shows nothing else.
  if (location.hash !== SKIP) load();
});
// A link within the page keeps what has been changed.
document.addEventListener("click", (event) => {
  const to = (event.target as Element).closest<HTMLElement>("a[data-to]")?.dataset.to;
  if (to === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link(to);
  go(to);
});
tell();

all.addEventListener("click", () => {
  all.disabled = true;
  for (const demonstration of demonstrations.values()) demonstration.show();
});

const observer = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      demonstrations.get((target as HTMLElement).dataset.erratum ?? "")?.show();
    }
  },
  { rootMargin: `0px 0px ${AHEAD} 0px` },
);
for (const { article } of demonstrations.values()) observer.observe(article);
