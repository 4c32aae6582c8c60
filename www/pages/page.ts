/** What the scripts of all pages share. */

/** An element that the page's own markup has. */
export function find<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
}
