/** Marks of a plot, drawn on a canvas and, unchanged, as SVG text. See plot.ts for the shortest way in. */
export type { Axis } from "./axis";
export { CanvasSurface } from "./canvas";
export { type HostOptions, hostPlot, type PlotHost } from "./host";
export type { Frame, LineStyle, Margin, Mark, Sketch } from "./mark";
export { type AreaOptions, area } from "./marks/area";
export { type BarsOptions, bars } from "./marks/bars";
export { type ContoursOptions, contours } from "./marks/contours";
export { type DensityOptions, density } from "./marks/density";
export { type Covariance, type EllipseOptions, ellipse, ellipses } from "./marks/ellipse";
export { type KeyEntry, key } from "./marks/key";
export { type EndLabel, endLabels, WIDE } from "./marks/labels";
export { type LineOptions, line } from "./marks/line";
export { type MarginOptions, margin } from "./marks/margin";
export { type NoteOptions, note } from "./marks/note";
export { notes } from "./marks/notes";
export { type Marker, type PointsOptions, points } from "./marks/points";
export { type ReadoutOptions, readout } from "./marks/readout";
export { type RegionOptions, region } from "./marks/region";
export { type RuleOptions, rule } from "./marks/rule";
export { type StemsOptions, stems } from "./marks/stems";
export { nearestByX, nearestPoint } from "./nearest";
export { draw, frameOf, type Plot, toSvg } from "./plot";
export { plain, type RichText, rich, type TextLike, toPlainText } from "./rich";
export { extent, type Interval, linear, log, type Scale, type ScaleSpec, type Tick } from "./scale";
export type { Rect, Surface } from "./surface";
export { SvgSurface } from "./svg";
export {
  darkTheme,
  type Fonts,
  lightTheme,
  type Series,
  seriesStroke,
  type Theme,
  type Theory,
  themeFromCss,
} from "./theme";
