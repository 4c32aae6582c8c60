/** Something that opens below its name and closes by Escape, a click elsewhere, or a choice. */
import { make } from "../elements/dom";

/** `closing` selects what closes it when it is clicked. */
export function makeMenu(
  name: string,
  style: string,
  content: HTMLElement,
  closing: string,
): HTMLDetailsElement {
  const details = make("details", { class: `menu ${style}` }, make("summary", {}, name), content);
  const close = () => {
    details.open = false;
  };
  details.addEventListener("click", (event) => {
    if ((event.target as Element).closest(closing)) close();
  });
  details.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key !== "Escape") return;
    close();
    details.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!details.contains(event.target as Node)) close();
  });
  return details;
}
