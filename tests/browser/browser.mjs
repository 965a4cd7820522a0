// Chromium for tests: started without anything of its own that would open a connection.
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

// A page that keeps account of everything it should not do.
export async function opened(browser, file, { width = 1280, height = 900, init, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => { if (message.type() !== "log") faults.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`error: ${error.stack}`));
  page.on("dialog", (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    const own = request.url().split("#")[0] === `file://${file}` || request.url().startsWith("blob:");
    if (!own) faults.push(`request: ${request.url().slice(0, 200)}`);
  });
  if (init) await context.addInitScript(init);
  await page.goto(`file://${file}`);
  return { context, page, faults };
}

// Rows of cells of a CSV text (RFC 4180), read without the code under test.
export function csv(text) {
  const rows = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/gy;
  let row = [];
  const body = text.replace(/^\ufeff/, "");
  while (cell.lastIndex < body.length) {
    const [, raw, end] = cell.exec(body);
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end !== ",") { rows.push(row); row = []; }
  }
  return rows;
}
