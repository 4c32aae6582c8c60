/** What the scripts of all pages share. */

/** An element that the page's own markup has. */
export function find<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
}

/**
 * Lets links within the page lead to their place without a word of it in the address, which holds the scenario. A link whose
 * hash names no place is one to another scenario.
 */
export function keepHash(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.('a[href^="#"]');
    const name = link?.getAttribute("href")?.slice(1) ?? "";
    const place = name === "" ? null : document.getElementById(name);
    if (!place) return;
    event.preventDefault();
    arrive(place);
  });
}

/** Scrolls to a place, which may be in a drawer that is shut, and lets the keyboard go on from there. */
export function arrive(place: HTMLElement): void {
  place.closest("details")?.setAttribute("open", "");
  if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
  place.scrollIntoView();
  place.focus({ preventScroll: true });
}
