"use strict";
// Decisions of a session as data: the columns of review.csv, what makes two decisions the same, and where people differ.

const COLUMNS = [
  "kind", "subject", "target", "decision", "value", "text", "language", "group", "decided_by", "decided_on", "reason", "edition",
];
const DECISIONS = {
  match: ["accept", "reject"],
  mention: ["right", "wrong", "missed"],
  term: ["alias", "novel", "reject"],
  priority: ["add", "strengthen", "review", "none"],
  outcome: ["draft"],
  note: ["note"],
};
const KINDS = Object.keys(DECISIONS);
const GROUPS = ["companies", "professors", "guidance", "learners", "unit"];
const LANGUAGES = ["en", "es", "ca", "ar"];
// Longest cell and longest term that the program reads back.
const LONGEST = 4000;
const LONGEST_TERM = 100;

// What is decided, whoever decides it.
function itemOf(d) {
  const about = {
    match: [d.subject, d.target],
    mention: [d.subject, d.target],
    term: [d.language, d.text],
    priority: [d.subject, d.target],
    outcome: [d.subject, d.target, d.text],
    note: [d.subject],
  };
  return JSON.stringify([d.kind, ...about[d.kind]]);
}

// What is decided and by whom: there is one decision for each.
function keyOf(d) {
  return JSON.stringify([itemOf(d), d.group, d.decided_by]);
}

// What a decision comes to, for telling whether two differ; drafts and views never do.
function verdictOf(d) {
  if (d.kind === "outcome" || d.kind === "note") return "";
  return d.kind === "term" ? `${d.decision} ${d.target}` : d.decision;
}

// The language of a text: the chosen one, unless its letters are of the other script. What is not Arabic on a page in
// Arabic could be any of the others, so the choice stands there.
function writtenIn(text, chosen, page) {
  const arabic = (text.match(/\p{Script=Arabic}/gu) ?? []).length;
  const latin = (text.match(/\p{Script=Latin}/gu) ?? []).length;
  if (arabic > latin) return "ar";
  return latin > 0 && arabic === 0 && chosen === "ar" ? page : chosen;
}

function same(a, b) {
  return COLUMNS.every((column) => a[column] === b[column]);
}

// Lists of decisions about one item that do not come to the same.
function conflictsOf(decisions) {
  const items = new Map();
  for (const d of decisions) {
    const item = itemOf(d);
    items.set(item, [...(items.get(item) ?? []), d]);
  }
  return [...items.values()].filter((list) => new Set(list.map(verdictOf)).size > 1);
}

// A decision with every column as a text and nothing else.
function cleaned(d) {
  return Object.fromEntries(COLUMNS.map((column) => [column, typeof d?.[column] === "string" ? d[column] : ""]));
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function isEcts(text) {
  return /^\d{1,2}(\.\d{1,2})?$/.test(text) && Number(text) > 0 && Number(text) <= 60;
}

function valueFits(d) {
  if (d.kind === "priority") return /^\d{1,3}$/.test(d.value) && (d.decision !== "none" || d.value === "0");
  if (d.kind === "outcome") return d.value === "" || isEcts(d.value);
  if (d.kind === "mention") return (d.value === "") === (d.decision === "missed");
  return d.value === "";
}

function subjectFits(d) {
  if (d.kind === "outcome") return true;
  if (d.kind === "term") return d.subject === "" && (d.target !== "") === (d.decision === "alias");
  return d.subject !== "" && (d.kind === "note" ? d.target === "" : d.target !== "");
}

// Why a row cannot be taken as a decision on this edition: the name of the reason, or nothing.
function problemOf(d, edition) {
  if (!Object.hasOwn(DECISIONS, d.kind) || !DECISIONS[d.kind].includes(d.decision)) return "kind";
  if (d.edition !== edition) return "edition";
  if (!GROUPS.includes(d.group)) return "group";
  if (d.decided_by === "" && d.kind !== "priority" && d.kind !== "note") return "by";
  if (!isDay(d.decided_on)) return "day";
  const mayLack = ["match", "mention", "priority"].includes(d.kind);
  if (!LANGUAGES.includes(d.language) && !(d.language === "" && mayLack)) return "language";
  if (!valueFits(d) || !subjectFits(d) || COLUMNS.some((c) => d[c].length > LONGEST)) return "value";
  if ((d.text === "" && d.kind !== "priority") || (d.kind === "term" && d.text.length > LONGEST_TERM)) return "text";
  return "";
}

// A cell that a spreadsheet would run as a formula gets an apostrophe in front.
function guarded(text) {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function unguarded(text) {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

function csvCell(text) {
  const cell = guarded(text);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

// RFC 4180 with a byte order mark, without which spreadsheets misread Arabic.
function toCsv(decisions) {
  const rows = decisions.map((d) => COLUMNS.map((column) => csvCell(d[column])));
  return `\ufeff${[COLUMNS, ...rows].map((row) => `${row.join(",")}\r\n`).join("")}`;
}

// Rows of cells; quoted cells may hold separators, quotes (doubled) and line ends.
function csvRows(text, separator) {
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  const endCell = () => { row.push(cell); cell = ""; };
  const endRow = () => { endCell(); rows.push(row); row = []; };
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += c; i += 1; } else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === separator) endCell();
    else if (c === "\n") endRow();
    else if (c !== "\r" || text[i + 1] !== "\n") cell += c;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows.filter((r) => r.length > 1 || r[0] !== "");
}

// Where each column stands in a head; nothing when one is absent, comes twice or is unknown. The sheet that the program
// hands out has one more, with names to read.
function placesOf(head) {
  const names = head.map((name) => name.trim());
  const known = names.filter((name) => name !== "shown");
  if (known.length !== COLUMNS.length || !COLUMNS.every((column) => known.includes(column))) return null;
  return COLUMNS.map((column) => names.indexOf(column));
}

// Decisions of a file and the rows that are none: {decisions, refused: [{row, reason, edition}]}; nothing when the columns
// are others. A row without a decision was left open. Spreadsheets of some countries save with semicolons.
function fromCsv(text, edition) {
  const body = text.replace(/^\ufeff/, "");
  const first = body.split("\n", 1)[0];
  const [head, ...rows] = csvRows(body, first.includes(";") && !first.includes(",") ? ";" : ",");
  const places = placesOf(head ?? []);
  if (!places) return null;
  const decisions = [];
  const refused = [];
  rows.forEach((cells, i) => {
    const d = cleaned(Object.fromEntries(COLUMNS.map((column, at) => [column, unguarded(cells[places[at]] ?? "")])));
    if (cells.length === head.length && d.decision === "") return;
    const reason = cells.length === head.length ? problemOf(d, edition) : "length";
    if (reason === "") decisions.push(d);
    else refused.push({ row: i + 2, reason, edition: d.edition });
  });
  return { decisions, refused };
}
