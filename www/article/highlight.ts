/**
 * Symbols that answer: where a letter is under the pointer, or its entry in the list of symbols has the focus, all its places in
 * the section are marked, and a pressed entry keeps them so. A letter under the pointer says what it is and what it is now.
 */

/** Lets the symbols of a section answer. `tip` is the page's place for what a letter says. */
export function highlight(section: HTMLElement, tip: HTMLElement): void {
  const of = (name: string) => section.querySelectorAll<HTMLElement>(`[data-symbol="${name}"]`);
  let kept: string | undefined;
  const mark = (name: string | undefined) => {
    for (const place of section.querySelectorAll("[data-symbol].marked")) place.classList.remove("marked");
    const wanted = name ?? kept;
    if (wanted !== undefined) for (const place of of(wanted)) place.classList.add("marked");
  };
  const nameAt = (target: EventTarget | null) =>
    (target as Element | null)?.closest?.("[data-symbol]")?.getAttribute("data-symbol") ?? undefined;

  section.addEventListener("pointerover", (event) => {
    const name = nameAt(event.target);
    mark(name);
    const letter = (event.target as Element).closest("math [data-symbol]");
    const entry = name === undefined ? undefined : section.querySelector(`.legend [data-symbol="${name}"]`);
    tip.hidden = !letter || !entry || entry.contains(letter);
    if (!letter || !entry || tip.hidden) return;
    tip.textContent = [...entry.children].map((part) => part.textContent?.trim()).join("  ");
    const box = letter.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(box.left, room)) + scrollX}px`;
    tip.style.top = `${box.bottom + 6 + scrollY}px`;
  });
  section.addEventListener("pointerleave", () => {
    mark(undefined);
    tip.hidden = true;
  });
  section.addEventListener("focusin", (event) => mark(nameAt(event.target)));
  section.addEventListener("focusout", () => mark(undefined));
  section.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>(".legend button");
    if (!button) return;
    const name = button.dataset.symbol;
    kept = kept === name ? undefined : name;
    for (const other of section.querySelectorAll<HTMLElement>(".legend button"))
      other.setAttribute("aria-pressed", String(other.dataset.symbol === kept));
    mark(kept);
  });
}
