/** BibTeX of the paper and of this project, from CITATION.cff. */
import cff from "../../CITATION.cff?raw";

/** The value of a line of the file at some indent: all that is wanted of YAML here. */
function line(key: string, text: string): string {
  return new RegExp(`^ *(?:- )?${key}: (.+)$`, "m").exec(text)?.[1]?.trim() ?? "";
}

const field = (name: string, value: string) => `  ${name.padEnd(13)} = {${value}},`;

/** Both entries. `page` is where this page is, `year` the year of the copy that is cited. */
export function bibtex(page: string, year: number): string {
  const [own = "", paper = ""] = cff.split(/^references:$/m);
  const given = [...paper.matchAll(/family-names: (.+)\n\s+given-names: (.+)/g)];
  const authors = given.map(([, family, first]) => `${family?.trim()}, ${first?.trim()}`).join(" and ");
  const title = line("title", paper);
  const conference = /conference:\s+name: (.+)/.exec(paper)?.[1]?.replace(/ \(.*/, "") ?? "";
  return [
    "@inproceedings{liu2021noise,",
    field("title", title),
    field("author", authors),
    field("booktitle", conference),
    field("series", line("collection-title", paper)),
    field("volume", line("volume", paper)),
    field("pages", `${line("start", paper)}--${line("end", paper)}`),
    field("publisher", /publisher:\s+name: (.+)/.exec(paper)?.[1] ?? ""),
    field("year", line("year", paper)),
    field("note", line("value", paper)),
    "}",
    "",
    "@software{noisydescent,",
    field("title", line("title", own)),
    field("author", `{${line("name", own)}}`),
    field("version", line("version", own)),
    field("year", String(year)),
    field("url", page),
    "}",
    "",
  ].join("\n");
}
