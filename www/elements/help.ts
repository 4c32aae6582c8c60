/** "What am I seeing?": a dialog with an instrument's formula and the present numbers in it. */
import { typeset } from "../pages/typeset";
import { make } from "./dom";

let opened = 0;

/** A value and its error are not broken over two lines. */
const whole = (paragraph: string) => paragraph.replaceAll(" ± ", "\u00a0±\u00a0");

/** Opens it above an element; paragraphs have formulas between dollars. Escape, the button and a click beside it close it. */
export function openHelp(element: HTMLElement, paragraphs: readonly string[]): void {
  const id = `help-${++opened}`;
  const body = make("div", {});
  // Every letter of a paragraph is escaped by the typesetter: none of it can be markup.
  body.innerHTML = paragraphs.map((paragraph) => `<p>${typeset(whole(paragraph))}</p>`).join("");
  const dialog = make("dialog", { class: "help", "aria-labelledby": id });
  dialog.append(
    make("h2", { id }, "What am I seeing?"),
    body,
    make("button", { type: "button", onclick: () => dialog.close() }, "Close"),
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  element.append(dialog);
  dialog.showModal();
  // A long one is read from its beginning, though its button has the focus.
  dialog.scrollTop = 0;
}
