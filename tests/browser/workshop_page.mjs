// The workshop page as a session uses it, in every language it is written in. See README.md.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { csv, launch, opened } from "./browser.mjs";

const folders = process.argv.slice(2);
assert.ok(folders.length > 0, "usage: node workshop_page.mjs FOLDER...");
const named = (folder) => readdirSync(folder).filter((name) => /^workshop-page.*\.html$/.test(name)).sort();
const files = folders.flatMap((folder) => named(folder).map((name) => resolve(join(folder, name))));
assert.ok(files.length > 0, `no workshop-page*.html in ${folders}`);

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PARTS = ["occupations", "skills", "transition", "matches", "mentions", "terms", "outcomes", "decisions", "limits"];
const GROUPS = ["companies", "professors", "guidance", "learners", "unit"];
const HEAD = "kind,subject,target,decision,value,text,language,group,decided_by,decided_on,reason,edition";
const DAY = "2026-03-17";

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const dataOf = (page) => page.evaluate(() => JSON.parse(document.getElementById("data").textContent));

async function setWho(page, group, by) {
  if (await page.locator("#who").isHidden()) await page.locator("#bar .quiet").click();
  await page.locator(`#who input[value=${group}]`).check();
  await page.locator("#who input[type=text]").fill(by);
  await page.locator("#who input[type=date]").fill(DAY);
  await page.locator("#who button[type=submit]").click();
}

async function goTo(page, part) {
  await page.locator(`.parts a[href="#${part}"]`).click();
  await page.locator(`#${part}`).waitFor();
  for (const filter of await page.locator(`#${part} [data-filter]:not([data-filter=area])`).all()) await filter.selectOption({ index: 0 });
}

const row = (page, part, at) => page.locator(`#${part} tr[data-at="${at}"]`).first();

// Types a skill's name into a search box and picks it from the list; twins are told apart by the end of their id.
async function pick(box, data, at) {
  const skill = data.skills[at];
  await box.locator("input").fill(skill.name);
  const options = box.locator("li[role=option]");
  const texts = await options.evaluateAll((all) => all.map((o) => o.textContent));
  const wanted = [skill.name, `${skill.name} ${skill.id.slice(-12)}`];
  const found = texts.findIndex((text) => wanted.includes(text));
  assert.ok(found >= 0, `${skill.name} is not among ${JSON.stringify(texts)}`);
  await options.nth(found).click();
}

async function exported(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#export").click()]);
  assert.equal(download.suggestedFilename(), "review.csv");
  return readFileSync(await download.path(), "utf8");
}

const rowsOf = (text) => csv(text).slice(1).map((cells) => JSON.stringify(cells)).sort();

function column(text, name) {
  const [head, ...rows] = csv(text);
  return rows.map((cells) => cells[head.indexOf(name)]);
}

// What twenty decisions of a group should be in the file: written down before anything is clicked.
function plan(data, g) {
  const lang = (l) => (["en", "es", "ca", "ar"].includes(l) ? l : "");
  const by = `${GROUPS[g].slice(0, 2).toUpperCase()}, "${g}"`;
  const rows = [];
  const add = (kind, subject, target, decision, value, text, language, reason = "") =>
    rows.push([kind, subject, target, decision, value, text, language, GROUPS[g], by, DAY, reason, data.edition]);
  const skill = (at) => data.skills[at].id;
  for (const at of [0, 1, 2]) {
    const [outcome, to] = data.matches[at];
    const reason = at === 1 ? `because, group ${g}` : "";
    add("match", data.outcomes[outcome].id, skill(to), (at + g) % 2 ? "reject" : "accept", "", data.outcomes[outcome].text, lang(data.outcomes[outcome].lang), reason);
  }
  const last = data.outcomes.length - 1;
  add("match", data.outcomes[last].id, skill(g), "accept", "", data.outcomes[last].text, lang(data.outcomes[last].lang));
  for (const at of [0, 1, 2]) {
    const m = data.mentions[at];
    add("mention", m.posting, skill(m.skill), (at + g) % 3 ? "right" : "wrong", m.words, m.sentence, lang(m.lang));
  }
  const missed = [5, 6, 7, 8, 9, 10].find((at) => at !== data.mentions[0].skill);
  add("mention", data.mentions[0].posting, skill(missed), "missed", "", data.mentions[0].sentence, lang(data.mentions[0].lang));
  const decisions = ["alias", "novel", "reject"];
  for (const at of [0, 1, 2]) {
    const d = decisions[(at + g) % 3];
    add("term", "", d === "alias" ? skill(at + 1) : "", d, "", data.terms[at].text, lang(data.terms[at].lang));
  }
  add("term", "", skill(2), "alias", "", `own term ${g}, "quoted"`, "ca");
  for (const [at, d, votes] of [[0, "add", 3], [1, "strengthen", 2], [2, "none", 0]]) {
    add("priority", skill(at), "portfolio", d, String(votes), "", data.lang);
  }
  const programme = data.programmes.find((p) => p.gaps.length > 0);
  add("priority", skill(programme.gaps[0][0]), programme.id, "review", "1", "", data.lang);
  add("outcome", "", `${skill(3)} ${skill(4)}`, "draft", "1.5", `Compare two sources\nof data, group ${g}`, data.lang);
  add("outcome", data.programmes[0].id, "", "draft", "", `+Justify a choice ${g}`, "es");
  add("note", skill(0), "", "note", "", `=SUM(A1) is our view, ${g}`, data.lang);
  add("note", data.occupations[0]?.id ?? skill(1), "", "note", "", `رأي المجموعة ${g}`, "ar");
  assert.equal(rows.length, 20);
  return { by, rows, missed, programme };
}

// Takes the decisions of the plan through the controls of the page.
async function act(page, data, g, { by, rows, missed, programme }) {
  await setWho(page, GROUPS[g], by);
  await goTo(page, "matches");
  for (const at of [0, 1, 2]) await row(page, "matches", at).locator(`button.${rows[at][3]}`).click();
  await row(page, "matches", 1).locator("input.why").fill(rows[1][10]);
  const ownMatch = page.locator("#matches form.own");
  const outcome = data.outcomes[data.outcomes.length - 1];
  await ownMatch.locator(".search").nth(0).locator("input").fill(outcome.text);
  const twins = data.outcomes.filter((o) => o.text === outcome.text).length > 1;
  const wanted = outcome.text + (twins ? ` ${outcome.id.slice(-12)}` : "");
  const options = ownMatch.locator(".search").nth(0).locator("li[role=option]");
  await options.nth((await options.evaluateAll((all) => all.map((o) => o.textContent))).indexOf(wanted)).click();
  await pick(ownMatch.locator(".search").nth(1), data, g);
  await ownMatch.locator("button[type=submit]").click();
  await goTo(page, "mentions");
  for (const at of [0, 1, 2]) await row(page, "mentions", at).locator(`button.${rows[4 + at][3]}`).click();
  const opener = row(page, "mentions", 0).locator(".more > button.quiet");
  if (await opener.getAttribute("aria-expanded") === "false") await opener.click();
  await pick(row(page, "mentions", 0).locator(".more .search"), data, missed);
  await goTo(page, "terms");
  for (const at of [0, 1, 2]) {
    const decision = rows[8 + at][3];
    await row(page, "terms", at).locator(`button.choose.${decision}`).click();
    if (decision === "alias") await pick(row(page, "terms", at).locator(".search"), data, at + 1);
  }
  const ownTerm = page.locator("#terms form.own");
  await ownTerm.locator("input[type=text][maxlength='100']").fill(rows[11][5]);
  await ownTerm.locator("select").nth(0).selectOption("ca");
  await ownTerm.locator("select").nth(1).selectOption("alias");
  await pick(ownTerm.locator(".search"), data, 2);
  await ownTerm.locator("button[type=submit]").click();
  await actOnSkills(page, data, rows, programme);
  await actOnDrafts(page, data, rows);
}

async function actOnSkills(page, data, rows, programme) {
  await goTo(page, "skills");
  const more = (at) => row(page, "skills", at).locator(".votes button").nth(1);
  for (const [at, decision, votes] of [[0, "add", 3], [1, "strengthen", 2], [2, "none", 0]]) {
    await row(page, "skills", at).locator(`button.choose.${decision}`).click();
    for (let vote = 0; vote < votes; vote += 1) await more(at).click();
  }
  for (const at of data.occupations.length > 0 ? [0] : [0, 1]) {
    await row(page, "skills", at).locator("details.note summary").click();
    await row(page, "skills", at).locator("textarea").fill(rows[18 + at][5]);
    await row(page, "skills", at).locator("textarea").blur();
    await row(page, "skills", at).locator("details.note summary").click();
  }
  const aim = page.locator("#skills .filters select").first();
  await aim.selectOption(programme.id);
  const at = programme.gaps[0][0];
  await more(at).click();
  await row(page, "skills", at).locator("button.choose.review").click();
  await aim.selectOption("portfolio");
  if (data.occupations.length > 0) {
    await goTo(page, "occupations");
    await row(page, "occupations", 0).locator("details.note summary").click();
    await row(page, "occupations", 0).locator("textarea").fill(rows[19][5]);
    await row(page, "occupations", 0).locator("textarea").blur();
    await row(page, "occupations", 0).locator("details.note summary").click();
  }
}

async function actOnDrafts(page, data, rows) {
  await goTo(page, "outcomes");
  const form = page.locator("#outcomes form.own");
  for (const [, subject, target, , value, text, language] of [rows[16], rows[17]]) {
    await form.locator("select").nth(0).selectOption(subject);
    await form.locator("select").nth(1).selectOption(language);
    await form.locator("input[inputmode=decimal]").fill(value.replace(".", ","));
    await form.locator("textarea").fill(text);
    for (const id of target.split(" ").filter((t) => t !== "")) await pick(form.locator(".search"), data, data.skills.findIndex((s) => s.id === id));
    await form.locator("button[type=submit]").click();
  }
}

// The same decision of the same people comes once: own matches of two groups may be those of a row.
const guarded = (cells) => JSON.stringify(cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)));

for (const file of files) {
  const name = file.split("/").slice(-2).join("/");

  test(`${name}: a hundred decisions of five groups come out as they were taken, survive a reload and go into another browser`, async () => {
    const { context, page, faults } = await opened(browser, file);
    const data = await dataOf(page);
    const plans = GROUPS.map((_, g) => plan(data, g));
    for (const [g, own] of plans.entries()) await act(page, data, g, own);
    const expected = plans.flatMap((p) => p.rows).map(guarded).sort();
    const text = await exported(page);
    assert.ok(text.startsWith(`\ufeff${HEAD}\r\n`));
    assert.deepEqual(rowsOf(text), expected);
    assert.equal(expected.length, 100);
    assert.ok(text.includes("'=SUM(A1)") && text.includes("'+Justify"));

    await page.reload();
    assert.deepEqual(rowsOf(await exported(page)), expected);

    const fresh = await opened(browser, file);
    await goTo(fresh.page, "decisions");
    const upload = { name: "review.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
    await fresh.page.locator("#decisions input[type=file]").setInputFiles(upload);
    await fresh.page.locator("#decisions .import-report p").waitFor();
    assert.deepEqual(rowsOf(await exported(fresh.page)), expected);
    assert.equal(await fresh.page.locator("#decisions table tbody tr").count(), 100);
    assert.ok(await fresh.page.locator("#decisions .conflicts > li").count() > 3, "groups differ on matches, mentions and terms");
    await fresh.page.locator("#decisions input[type=file]").setInputFiles(upload);
    assert.equal((await exported(fresh.page)).length, text.length, "read twice, it counts once");
    assert.deepEqual([...faults, ...fresh.faults], []);
    await context.close();
    await fresh.context.close();
  });

  test(`${name}: no text from outside runs or becomes markup, and nothing is asked of a network`, async () => {
    const { context, page, faults } = await opened(browser, file, { init: () => { window.alert = () => { window.ran = true; }; } });
    await setWho(page, "unit", "<img src=x onerror=alert(1)>");
    for (const part of PARTS) await goTo(page, part);
    assert.equal(await page.evaluate(() => window.ran ?? false), false);
    assert.equal(await page.locator("script").count(), 2);
    assert.equal(await page.locator("img, iframe, object, embed, link, base, [style], [onerror], [onload], [src]").count(), 0);
    const policy = await page.locator("meta[http-equiv]").getAttribute("content");
    assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/);
    await assert.rejects(page.addScriptTag({ content: "window.ran = true" }), "the policy lets no other script run");
    assert.deepEqual(faults.filter((fault) => !fault.includes("Content Security Policy")), []);
    await context.close();
  });

  test(`${name}: axe finds nothing in any part, with and without decisions, wide and narrow`, async () => {
    for (const width of [1280, 390]) {
      const { context, page } = await opened(browser, file, { width });
      const data = await dataOf(page);
      await page.evaluate(AXE);
      const check = async (what) => {
        // Rows of a table are built alike: the first of each stand for the rest, which would take minutes.
        await page.evaluate(() => document.querySelectorAll("#main tbody tr:nth-child(n+14)").forEach((row) => row.remove()));
        const found = await page.evaluate(() => window.axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        }));
        const said = found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`);
        assert.deepEqual(said, [], `${what} at ${width}`);
      };
      if (width === 390) await check("nobody has said who decides");
      if (width === 1280) await act(page, data, 0, plan(data, 0));
      else await setWho(page, "learners", "AB");
      await setWho(page, "professors", "CD");
      for (const part of PARTS) {
        await goTo(page, part);
        await check(part);
      }
      await context.close();
    }
  });

  test(`${name}: nothing is wider than a phone, and every control is large enough to hit`, async () => {
    const { context, page } = await opened(browser, file, { width: 390, height: 844 });
    await setWho(page, "guidance", "a rather long description of a role in an office");
    for (const part of PARTS) {
      await goTo(page, part);
      const { wide, small } = await page.evaluate(() => {
        const shown = [...document.querySelectorAll("button, input, select, textarea, summary, .parts a")].filter((e) => e.checkVisibility());
        const size = (e) => (e.matches("[type=radio], [type=checkbox]") ? e.closest("label") : e.matches("[type=file]") ? e.labels[0] : e).getBoundingClientRect();
        const tiny = shown.filter((e) => size(e).width < 24 || size(e).height < 24).map((e) => e.outerHTML.slice(0, 120));
        return { wide: document.documentElement.scrollWidth, small: tiny };
      });
      assert.ok(wide <= 390, `${part} is ${wide} wide`);
      assert.deepEqual(small, [], part);
    }
    await context.close();
  });

  test(`${name}: without JavaScript the tables are there, and the page says what to do`, async () => {
    const { context, page, faults } = await opened(browser, file, { javaScriptEnabled: false });
    assert.ok(await page.locator(".no-script").isVisible());
    for (const id of ["skills", "matches", "mentions", "terms"]) {
      assert.ok(await page.locator(`#${id}-table tbody tr`).count() > 2, id);
      assert.ok(await page.locator(`#${id}-table tbody tr`).first().isVisible(), id);
    }
    assert.equal(await page.locator(".needs-script:visible").count(), 0);
    assert.ok(await page.locator("#limits li").count() > 4);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test(`${name}: a match is accepted by keyboard alone`, async () => {
    const { context, page } = await opened(browser, file);
    const tabTo = async (selector) => {
      for (let steps = 0; steps < 60; steps += 1) {
        if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${selector} is not reached`);
    };
    await tabTo("#who input[type=radio]");
    await page.keyboard.press("Space");
    await tabTo("#who input[type=text]");
    await page.keyboard.type("HR");
    await page.keyboard.press("Enter");
    await page.evaluate(() => document.querySelector(".skip").focus());
    await tabTo(".parts a[href='#matches']");
    await page.keyboard.press("Enter");
    await tabTo("#matches button.accept");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, "solid", "the focus is seen");
    await page.keyboard.press("Space");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-pressed")), "true");
    assert.deepEqual(column(await exported(page), "decision"), ["accept"]);
    await context.close();
  });

  test(`${name}: the page is written in one language and direction, and every word is there`, async () => {
    const { context, page } = await opened(browser, file);
    const data = await dataOf(page);
    await setWho(page, "unit", "AB");
    const root = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir, getComputedStyle(document.body).direction]);
    const direction = data.lang === "ar" ? "rtl" : "ltr";
    assert.deepEqual(root, [data.lang, direction, direction]);
    const shown = await page.evaluate(() => {
      const copy = document.body.cloneNode(true);
      copy.querySelectorAll("script").forEach((script) => script.remove());
      return copy.outerHTML;
    });
    assert.ok(!shown.includes("⟦"));
    if (data.lang === "ar") {
      const bare = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const parent = node.parentElement;
          if (!parent.closest("bdi, script, style, code, option, .editions, [hidden], .needs-script button")) found.push(...(node.data.match(/[A-Za-z]{3,}/g) ?? []));
        }
        return [...new Set(found)];
      });
      const known = ["JavaScript", "review", "csv", "ECTS", "EQF", "ISCO", "skillgap", "UTF", "CSV", "starter", "demo", "SHA", "outcomes", "gaps"];
      assert.deepEqual(bare.filter((word) => !known.includes(word)), []);
    }
    await context.close();
  });
}

const [first] = files;

test("a decision needs to be somebody's: the page asks who decides, and keeps groups apart", async () => {
  const { context, page } = await opened(browser, first);
  await page.locator(".parts a[href='#matches']").click();
  await page.locator("#matches button.accept:visible").first().click();
  assert.ok(await page.locator("#who").isVisible());
  assert.notEqual(await page.locator("#who .message").textContent(), "");
  assert.equal(csv(await exported(page)).length, 1, "nothing was decided");
  await page.locator("#who button[type=submit]").click();
  assert.ok(await page.locator("#who").isVisible(), "a group and initials are needed");
  await setWho(page, "companies", "AB");
  await page.locator("#matches button.accept:visible").first().click();
  await setWho(page, "professors", "CD");
  const cell = page.locator("#matches tr:visible td.decide").first();
  assert.equal(await cell.locator("button.accept").getAttribute("aria-pressed"), "false");
  assert.match(await cell.locator(".others").textContent(), /AB/);
  await cell.locator("button.reject").click();
  assert.ok(await cell.locator(".differs").isVisible());
  assert.deepEqual(column(await exported(page), "group"), ["companies", "professors"]);
  assert.deepEqual(column(await exported(page), "decision"), ["accept", "reject"]);
  await cell.locator("button.reject").click();
  assert.deepEqual(column(await exported(page), "group"), ["companies"], "pressed again, it is taken back");
  await context.close();
});

test("a group has ten votes and no more, and the first vote takes the priority that the data suggest", async () => {
  const { context, page } = await opened(browser, first);
  await setWho(page, "learners", "AB");
  await goTo(page, "skills");
  const line = page.locator("#skills tr[data-status=add]").first();
  const more = line.locator(".votes button").nth(1);
  for (let i = 0; i < 13; i += 1) await more.click({ force: true });
  assert.equal(await more.getAttribute("aria-disabled"), "true");
  const text = await exported(page);
  assert.deepEqual([column(text, "decision"), column(text, "value")], [["add"], ["10"]]);
  await line.locator("button.choose.none").click();
  assert.deepEqual(column(await exported(page), "value"), ["0"], "no priority takes its votes back");
  await context.close();
});

test("that all votes are given is said to the group that gave them and not to the next one", async () => {
  const { context, page } = await opened(browser, first);
  await setWho(page, "learners", "AB");
  await goTo(page, "skills");
  const more = page.locator("#skills tbody tr").first().locator(".votes button").nth(1);
  for (let i = 0; i < 11; i += 1) await more.click({ force: true });
  assert.notEqual(await page.locator(".notice").textContent(), "");
  await setWho(page, "companies", "CD");
  assert.equal(await page.locator(".notice").textContent(), "");
  await context.close();
});

test("people write in the language of the page, whatever page of the edition was used before", async () => {
  const { context, page } = await opened(browser, first);
  const { edition, lang } = await dataOf(page);
  const other = lang === "ca" ? "en" : "ca";
  const saved = (from) => ({ version: 1, decisions: [], who: { group: "unit", by: { unit: "AB" }, writes: other, page: from } });
  for (const [from, expected] of [[other, lang], [lang, other]]) {
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [`skillgap workshop ${edition}`, JSON.stringify(saved(from))]);
    await page.reload();
    await page.locator("#bar .quiet").click();
    assert.equal(await page.locator("#who select").inputValue(), expected);
  }
  await context.close();
});

test("undo, put back, and start again ask within the page", async () => {
  const { context, page, faults } = await opened(browser, first);
  await setWho(page, "unit", "AB");
  await goTo(page, "mentions");
  for (const at of [0, 1, 2]) await row(page, "mentions", at).locator("button.right").click();
  await goTo(page, "decisions");
  const rows = page.locator("#decisions table tbody tr");
  await rows.first().locator("button").click();
  assert.equal(await rows.count(), 2);
  await page.locator(".notice button").click();
  assert.equal(await rows.count(), 3);
  const again = page.locator("#decisions .after > .own").last();
  await again.locator("> button").click();
  assert.equal(await rows.count(), 3, "it asks first");
  await again.locator(".danger").click();
  assert.equal(csv(await exported(page)).length, 1);
  await page.reload();
  assert.equal(csv(await exported(page)).length, 1);
  assert.deepEqual(faults, []);
  await context.close();
});

test("files of several computers come together; other editions, unknown rows and other files are refused by row and reason", async () => {
  const { context, page } = await opened(browser, first);
  const data = await dataOf(page);
  await setWho(page, "companies", "AB");
  await goTo(page, "matches");
  await row(page, "matches", 0).locator("button.accept").click();
  const [outcome, skill] = data.matches[0];
  const match = (group, by, decision, edition) =>
    `match,${data.outcomes[outcome].id},${data.skills[skill].id},${decision},,"a ""text""",en,${group},${by},2026-01-02,,${edition}`;
  const upload = async (file, text) => {
    await goTo(page, "decisions");
    await page.locator("#decisions input[type=file]").setInputFiles({ name: file, mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.locator("#decisions .import-report p").first().waitFor();
    return page.locator("#decisions .import-report").innerText();
  };
  const rows = [match("professors", "CD", "reject", data.edition), match("guidance", "EF", "accept", data.edition),
    match("unit", "GH", "accept", "other@2020-01-01"), match("nobody", "IJ", "accept", data.edition),
    match("unit", "", "accept", data.edition), match("companies", "AB", "reject", data.edition)];
  const said = await upload("laptop <b>2</b>.csv", `${HEAD}\r\n${rows.join("\r\n")}\r\n`);
  assert.ok(said.includes("laptop <b>2</b>.csv") && said.includes("other@2020-01-01"), said);
  assert.equal(await page.locator("#decisions .import-report ul.warning li").count(), 3);
  assert.deepEqual(column(await exported(page), "decision"), ["accept", "reject", "accept"], "what differs waits");
  await page.locator("#decisions .ask button").nth(1).click();
  assert.deepEqual(column(await exported(page), "decision"), ["reject", "reject", "accept"], "the file's was chosen");
  await upload("list.csv", "name,age\r\nA,1\r\n");
  const open = match("unit", "MN", "", data.edition).replace(/^match,/, "shown to read,match,");
  await upload("sheet.csv", `shown,${HEAD}\n${open}\n`);
  assert.equal(csv(await exported(page)).length, 4, "rows left open are none");
  await upload("semicolons.csv", `\ufeff${HEAD.replaceAll(",", ";")}\n${match("learners", "KL", "accept", data.edition).replaceAll(",", ";")}\n`);
  assert.equal(csv(await exported(page)).length, 5);
  await context.close();
});

test("where the browser refuses storage the page says so, works, and can export", async () => {
  const init = () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
  const { context, page, faults } = await opened(browser, first, { init });
  const { t } = await dataOf(page);
  await setWho(page, "companies", "AB");
  assert.equal(await page.locator(".bar-state").textContent(), t.not_saved);
  await goTo(page, "matches");
  await row(page, "matches", 0).locator("button.accept").click();
  assert.equal(csv(await exported(page)).length, 2);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what was saved by somebody else under the same name cannot break the page", async () => {
  const { context, page } = await opened(browser, first);
  const { edition } = await dataOf(page);
  for (const saved of ["{", "null", "[]", '{"version":1,"decisions":[null,1,"x",{"kind":"__proto__"},{"kind":"match"}],"who":{"group":"x","by":3}}']) {
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [`skillgap workshop ${edition}`, saved]);
    await page.reload();
    assert.equal(csv(await exported(page)).length, 1, saved);
  }
  await context.close();
});

test("a draft can start from a proposal, be changed, and be taken back", async () => {
  const { context, page } = await opened(browser, first);
  const data = await dataOf(page);
  await setWho(page, "professors", "AB");
  await goTo(page, "outcomes");
  if (data.proposals.length > 0) await page.locator("#proposals-table td.decide button").first().click();
  const form = page.locator("#outcomes form.own");
  await form.locator("textarea").fill("Plan an energy audit");
  await form.locator("button[type=submit]").click();
  const skills = (data.proposals[0]?.skills ?? []).map((at) => data.skills[at].id).join(" ");
  assert.deepEqual(column(await exported(page), "target"), [skills]);
  await page.locator(".drafts button").first().click();
  await form.locator("textarea").fill("Plan and carry out an energy audit");
  await form.locator("button[type=submit]").click();
  assert.deepEqual(column(await exported(page), "text"), ["Plan and carry out an energy audit"]);
  await page.locator(".drafts button").nth(1).click();
  assert.equal(csv(await exported(page)).length, 1);
  await context.close();
});

test("filters, search in any language, and votes for a programme", async () => {
  const { context, page } = await opened(browser, first);
  const data = await dataOf(page);
  await setWho(page, "unit", "AB");
  await goTo(page, "skills");
  const visible = () => page.locator("#skills tbody tr:visible").count();
  const all = await visible();
  assert.equal(all, await page.locator("#skills tbody tr").count());
  const green = page.locator("#skills [data-filter=transition]");
  await green.selectOption("green");
  assert.equal(await visible(), await page.locator("#skills tr[data-transition~=green]").count());
  await green.selectOption("");
  const translated = data.skills.findIndex((s) => s.also.some((name) => !s.name.includes(name)));
  if (translated >= 0) {
    await page.locator("#skills input[type=search]").fill(data.skills[translated].also.at(-1));
    assert.ok(await row(page, "skills", translated).isVisible());
  }
  await page.locator("#skills input[type=search]").fill("no such skill at all");
  assert.equal(await visible(), 0);
  await page.locator("#skills .count button").click();
  assert.equal(await visible(), all);
  const programme = data.programmes.find((p) => p.gaps.length > 0);
  await page.locator("#skills .filters select").first().selectOption(programme.id);
  assert.equal(await visible(), programme.gaps.length);
  await context.close();
});
