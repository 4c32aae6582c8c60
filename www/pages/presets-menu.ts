/** The menu of presets. */
import { make, prose } from "../elements/dom";
import { makeMenu } from "./menu";
import { arrive, find } from "./page";
import { presetGroups } from "./presets";

/** A preset is a link to its scenario; whoever follows it is led to the instrument that shows it best. */
export function makePresets(): HTMLElement {
  const groups = presetGroups.map(({ name, presets }, i) =>
    make(
      "section",
      {},
      make("p", { id: `presets-${i}`, class: "group-name" }, name),
      make(
        "ul",
        { "aria-labelledby": `presets-${i}` },
        ...presets.map((preset) =>
          make(
            "li",
            {},
            make("a", { href: preset.hash, "data-see": preset.see }, preset.name),
            make("span", {}, ...raised(preset.line)),
          ),
        ),
      ),
    ),
  );
  const offer = make("div", { class: "offer" }, ...groups);
  offer.addEventListener("click", (event) => {
    const see = (event.target as Element).closest<HTMLElement>("a[data-see]")?.dataset.see;
    // After the browser has followed the link, which by itself would leave the page where it is.
    if (see !== undefined) setTimeout(() => arrive(find<HTMLElement>(`#${see}`)));
  });
  return makeMenu("Presets", "presets", offer, "a");
}

/** A line with its indices and exponents, which stand in it as `w_t` and `e^{−t}`, below and above. */
function raised(line: string): (Node | string)[] {
  return line.split(/([_^](?:\{[^}]*\}|\p{L}|\d+))/u).flatMap((part, i) => {
    if (i % 2 === 0) return prose(part);
    return [make(part.startsWith("_") ? "sub" : "sup", {}, part.slice(1).replace(/[{}]/g, ""))];
  });
}
