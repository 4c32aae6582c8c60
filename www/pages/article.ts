/** The article: sections that come alive when the reader comes near. */
import "./faces";
import "../plot/theme.css";
import "./playground.css";
import "./article.css";
import { highlight } from "../article/highlight";
import { LiveSection } from "../article/section";
import { find } from "./page";

/** How far below the window a section begins: read at an ordinary pace, it is there in time. */
const AHEAD = "120px";

// This page was the experiment once, and its links hold a scenario.
if (/^#v=/.test(location.hash)) location.replace(`./experiment.html${location.hash}`);

const tip = find<HTMLElement>("#tip");
const observer = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      const section = new LiveSection(target as HTMLElement);
      void section.start().catch((error: Error) => {
        const place = target.querySelector<HTMLElement>(".bench > .problem");
        if (place)
          [place.hidden, place.textContent] = [false, `This instrument did not start: ${error.message}`];
      });
    }
  },
  { rootMargin: `0px 0px ${AHEAD} 0px` },
);
for (const section of document.querySelectorAll<HTMLElement>("[data-instrument]")) {
  highlight(section, tip);
  observer.observe(section);
}
