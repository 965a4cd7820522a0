// Every report as readers open and print it, in every language it is written in. See README.md.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { launch, opened } from "./browser.mjs";

const folders = process.argv.slice(2);
assert.ok(folders.length > 0, "usage: node reports.mjs FOLDER...");
const pages = (folder) => readdirSync(folder).filter((name) => /\.html$/.test(name) && !name.startsWith("workshop-page")).sort();
const briefs = (folder) => { try { return pages(join(folder, "briefs")).slice(0, 4).map((name) => join("briefs", name)); } catch { return []; } };
const files = folders.flatMap((folder) => [...pages(folder), ...briefs(folder)].map((name) => resolve(join(folder, name))));
assert.ok(files.length > 0, `no page in ${folders}`);

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// A4 at 96 px to the inch, less the margins of the style sheet.
const A4 = { width: 688, height: 1008 };

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const file of files) {
  const name = file.split("/").slice(-2).join("/");

  test(`${name}: opens without a script, a request or a message, on a laptop and on a phone`, async () => {
    for (const width of [1280, 390]) {
      const { context, page, faults } = await opened(browser, file, { width, javaScriptEnabled: false });
      assert.deepEqual(faults, []);
      await context.close();
      const open = await opened(browser, file, { width });
      assert.equal(await open.page.locator("script").count(), 0);
      assert.ok((await overflow(open.page)) <= 0, `wider than the screen at ${width} px`);
      assert.deepEqual(open.faults, []);
      await open.context.close();
    }
  });

  test(`${name}: axe finds nothing`, async () => {
    const { context, page } = await opened(browser, file, { bypassCSP: true });
    await page.evaluate(AXE);
    const found = await page.evaluate(() => {
      // Rows are built alike: of long tables the first dozen.
      for (const row of document.querySelectorAll("tbody tr:nth-child(n+13), .shown li:nth-child(n+4), section.tables:nth-of-type(n+16)")) row.remove();
      return window.axe.run(document, { resultTypes: ["violations"] });
    });
    assert.deepEqual(found.violations.map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160))]), []);
    await context.close();
  });

  test(`${name}: prints on A4 without a clipped table or chart`, async () => {
    const { context, page } = await opened(browser, file, A4);
    await page.emulateMedia({ media: "print" });
    const clipped = await page.evaluate(() => {
      const limit = document.documentElement.clientWidth + 1;
      const boxes = [...document.querySelectorAll("table, svg, figure, article, h1, h2, p, li")].filter((e) => e.getClientRects().length > 0);
      return boxes.filter((e) => { const r = e.getBoundingClientRect(); return r.width > 2 && (r.right > limit || r.left < -1); }).map((e) => e.outerHTML.slice(0, 120));
    });
    assert.deepEqual(clipped.slice(0, 5), []);
    await context.close();
  });

  test(`${name}: is written and laid out in the direction of its language`, async () => {
    const { context, page } = await opened(browser, file);
    const lang = await page.evaluate(() => document.documentElement.lang);
    const expected = /\.(en|es|ca|ar)\.html$/.exec(file)?.[1];
    if (expected) assert.equal(lang, expected);
    const side = await page.evaluate(() => {
      const box = document.querySelector("h1").getBoundingClientRect();
      const range = document.createRange();
      range.selectNodeContents(document.querySelector("h2:not(.skip)") ?? document.querySelector("h1"));
      const text = range.getClientRects()[0];
      return { left: text.left - box.left, right: box.right - text.right };
    });
    if (lang === "ar") assert.ok(side.right <= side.left, JSON.stringify(side)); else assert.ok(side.left <= side.right, JSON.stringify(side));
    await context.close();
  });
}
