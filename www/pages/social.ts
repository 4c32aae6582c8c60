/** What other sites show beside a link: title, description and picture, from what a page says of itself. */

/** The picture, in the folder of the page. */
const PICTURE = "social.png";

/**
 * A page with its link preview. Whoever knows the site's address gives it, since most sites that show previews want a whole address of the
 * picture; without one it stays relative, as all other links of the pages.
 */
export function withPreview(html: string, page: string, site: string | undefined): string {
  const title = /<title>([^<]+)<\/title>/.exec(html)?.[1];
  const description = /<meta\s+name="description"\s+content="([^"]+)"/.exec(html)?.[1];
  if (title === undefined || description === undefined)
    throw new Error(`${page} has no title or no description`);
  const base =
    site === undefined || site === "" ? undefined : new URL(site.endsWith("/") ? site : `${site}/`);
  const at = (name: string) => (base ? new URL(name, base).href : `./${name}`);
  const tags: [string, string][] = [
    ["og:type", "website"],
    ["og:site_name", "Noisy Descent"],
    ["og:title", title],
    ["og:description", description],
    ["og:image", at(PICTURE)],
    ...(base ? [["og:url", at(page === "index.html" ? "" : page)] as [string, string]] : []),
  ];
  const lines = tags.map(([name, value]) => `<meta property="${name}" content="${value}" />`);
  return html.replace("</title>", () => `</title>\n    ${lines.join("\n    ")}`);
}
