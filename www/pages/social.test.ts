import { expect, test } from "vitest";
import { withPreview } from "./social";

const html = '<head><title>A &amp; B</title><meta\n  name="description"\n  content="Long words." /></head>';
const tags = (page: string) =>
  Object.fromEntries(
    [...page.matchAll(/<meta property="(og:\w+)" content="([^"]*)" \/>/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );

test("a preview says what the page says; its picture is beside the page", () => {
  const found = tags(withPreview(html, "lab.html", undefined));
  expect(found).toEqual({
    "og:type": "website",
    "og:site_name": "Noisy Descent",
    "og:title": "A &amp; B",
    "og:description": "Long words.",
    "og:image": "./social.png",
  });
  expect(tags(withPreview(html, "lab.html", ""))).toEqual(found);
});

test("with the site's address the picture and the page have whole ones", () => {
  for (const site of ["https://example.org/noisy", "https://example.org/noisy/"]) {
    expect(tags(withPreview(html, "lab.html", site))).toMatchObject({
      "og:image": "https://example.org/noisy/social.png",
      "og:url": "https://example.org/noisy/lab.html",
    });
    expect(tags(withPreview(html, "index.html", site))["og:url"]).toBe("https://example.org/noisy/");
  }
  expect(() => withPreview(html, "lab.html", "no address")).toThrow();
});

test("a page without a title or a description is refused", () => {
  expect(() => withPreview("<title>A</title>", "a.html", undefined)).toThrow("a.html");
});
