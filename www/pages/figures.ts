/** The gallery: every figure of the paper runs when it is seen, and says whether the paper is right about it. */
import "./faces";
import "../plot/theme.css";
import "./playground.css";
import "./figures.css";
import "../elements/cloud";
import "../elements/escape";
import "../elements/over-time";
import "../elements/sweep";
import { startEngine } from "../engine/engine";
import { panelOf } from "../figures";
import { FigurePanel } from "./figure-panel";
import { inTurn } from "./in-turn";

const engine = inTurn(startEngine());

for (const article of document.querySelectorAll<HTMLElement>("[data-panel]"))
  new FigurePanel(article, panelOf(article.dataset.panel ?? ""), engine);

// The instruments have taken their room by now: a link to a figure leads to where it is.
if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView();
