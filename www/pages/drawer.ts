/** Controls beside the instruments; where there is one column, in a drawer at the lower edge. The page has a `#drawer`. */
import "./drawer.css";
import { find } from "./page";

/** Keeps the drawer open where there is room beside it, and shut to begin with where there is not. */
export function keepDrawer(): void {
  const drawer = find<HTMLDetailsElement>("#drawer");
  const wide = matchMedia("(min-width: 60rem)");
  const set = () => {
    drawer.open = wide.matches;
  };
  wide.addEventListener("change", set);
  set();
}
