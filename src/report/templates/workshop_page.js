// The page itself: who decides, saving, filters, parts, export and import.

const STORE = `skillgap workshop ${DATA.edition}`;
const book = { decisions: new Map(), who: { group: "", by: {}, day: today(), writes: DATA.lang } };
let byItem = new Map();
// What shows the state anew: of the whole page, and of each part while it is the one shown.
const painters = [];
const partPainters = new Map();
let shownPart = "";
let target = PORTFOLIO;
let storage = "";

function today() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// ---- decisions

function actor() {
  return { group: book.who.group, decided_by: (book.who.by[book.who.group] ?? "").trim() };
}

function ready() {
  const { group, decided_by: by } = actor();
  return GROUPS.includes(group) && by !== "" && isDay(book.who.day);
}

function complete(fields) {
  return cleaned({ ...actor(), decided_on: book.who.day, edition: DATA.edition, ...fields });
}

// The decision of whoever decides now about what `fields` are about.
function mine(fields) {
  return book.decisions.get(keyOf(complete(fields)));
}

function others(fields) {
  const own = keyOf(complete(fields));
  return (byItem.get(itemOf(complete(fields))) ?? []).filter((d) => keyOf(d) !== own);
}

function decide(fields) {
  if (!ready()) {
    askWho(true);
    return false;
  }
  const d = complete({ reason: mine(fields)?.reason, ...fields });
  book.decisions.set(keyOf(d), d);
  changed();
  return true;
}

function undo(d) {
  book.decisions.delete(keyOf(d));
  changed();
}

function votesOf(group) {
  return [...book.decisions.values()].filter((d) => d.kind === "priority" && d.group === group)
    .reduce((sum, d) => sum + Number(d.value), 0);
}

function changed() {
  index();
  save();
  paint();
}

function index() {
  byItem = new Map();
  for (const d of book.decisions.values()) {
    const item = itemOf(d);
    if (byItem.has(item)) byItem.get(item).push(d);
    else byItem.set(item, [d]);
  }
}

function paint() {
  painters.forEach((painter) => painter());
  partPainters.get(shownPart)?.forEach((painter) => painter());
}

// ---- saving

function save() {
  // Pages of every language of an edition share what was decided, not the language that people write in.
  const who = { ...book.who, saved_on: today(), page: DATA.lang };
  const state = { version: 1, who, decisions: [...book.decisions.values()] };
  try {
    localStorage.setItem(STORE, JSON.stringify(state));
    storage = "saved";
  } catch (error) {
    storage = error?.name === "QuotaExceededError" ? "storage_full" : "not_saved";
  }
}

function canStore() {
  try {
    localStorage.setItem(`${STORE} test`, "1");
    localStorage.removeItem(`${STORE} test`);
    return true;
  } catch {
    return false;
  }
}

// What was saved, as far as it holds: how many decisions did not.
function restore() {
  let state = null;
  try {
    state = JSON.parse(localStorage.getItem(STORE));
  } catch {
    return 0;
  }
  if (state?.version !== 1 || !Array.isArray(state.decisions)) return 0;
  const decisions = state.decisions.map(cleaned).filter((d) => problemOf(d, DATA.edition) === "");
  book.decisions = new Map(decisions.map((d) => [keyOf(d), d]));
  const { group, by, day, writes, page, saved_on: savedOn } = state.who ?? {};
  if (GROUPS.includes(group)) book.who.group = group;
  GROUPS.forEach((g) => { if (typeof by?.[g] === "string") book.who.by[g] = by[g]; });
  if (LANGUAGES.includes(writes) && page === DATA.lang) book.who.writes = writes;
  if (isDay(String(day)) && savedOn === today()) book.who.day = day;
  return state.decisions.length - decisions.length;
}

// ---- the bar and who decides

const bar = document.getElementById("bar");
const barWho = make("p", { class: "bar-who" });
const barVotes = make("span", { class: "bar-votes" });
const barState = make("p", { class: "bar-state", role: "status" });
const changeWho = button(say("change_who"), { class: "quiet", "aria-controls": "who", click: () => askWho(false) });
const notice = make("div", { class: "notice", role: "status" });

function buildBar() {
  const exportButton = button(say("export"), { class: "primary", id: "export", click: exportCsv });
  bar.append(make("div", { class: "bar-line" }, barWho, changeWho, barState, exportButton));
  bar.after(notice, whoPanel());
  painters.push(paintBar);
}

function paintBar() {
  const { group, decided_by: by } = actor();
  const known = ready();
  const who = { group: make("strong", {}, say(`short_${group}`)), by: bdi(by), day: make("span", { class: "day" }, bdi(book.who.day)) };
  barVotes.replaceChildren(...(known ? words("votes_left", votesLeft(group)) : []));
  barWho.replaceChildren(...(known ? [...words("deciding", who), " ", barVotes] : [say("nobody")]));
  changeWho.hidden = !known;
  const said = storage === "saved" ? counted("saved", book.decisions.size) : storage && [say(storage)];
  const text = make("span", {}, ...(said || [])).textContent;
  if (barState.textContent !== text) barState.textContent = text;
  barState.classList.toggle("warning", storage === "not_saved" || storage === "storage_full");
}

function votesLeft(group) {
  return { left: number(Math.max(0, DATA.votes - votesOf(group))), all: number(DATA.votes) };
}

const whoForm = {};

function whoPanel() {
  const radios = GROUPS.map((group) => {
    const radio = make("input", { type: "radio", name: "group", value: group, change: () => chooseGroup(group) });
    return make("label", { class: "pill" }, radio, make("span", {}, say(`group_${group}`)));
  });
  whoForm.radios = radios.map((label) => label.firstChild);
  whoForm.by = make("input", { type: "text", maxlength: "80", autocomplete: "off", required: true });
  whoForm.day = make("input", { type: "date", required: true });
  whoForm.writes = select(LANGUAGES.map((l) => [l, say(`language_${l}`)]));
  whoForm.message = message();
  const form = make("form", { novalidate: true, submit: (event) => { event.preventDefault(); takeWho(); } },
    make("fieldset", {}, make("legend", {}, say("group")), make("div", { class: "pills" }, ...radios)),
    make("div", { class: "fields" },
      field(say("initials"), whoForm.by, say("initials_hint")),
      field(say("day"), whoForm.day),
      field(say("writes_in"), whoForm.writes)),
    make("div", { class: "actions" }, make("button", { type: "submit", class: "primary" }, say("begin")), whoForm.message));
  const heading = make("h2", { id: "who-heading", tabindex: "-1" }, say("who"));
  whoForm.panel = make("section", { id: "who", "aria-labelledby": "who-heading", hidden: true },
    heading, make("p", { class: "lead" }, say("who_lead")), form);
  return whoForm.panel;
}

function chooseGroup(group) {
  whoForm.by.value = book.who.by[group] ?? "";
}

// Opens the panel: because a decision needs a decider, or to change it.
function askWho(needed) {
  openWho(needed);
  const first = whoForm.radios.find((radio) => radio.checked) ?? whoForm.radios[0];
  (needed && book.who.group ? whoForm.by : first).focus();
}

function openWho(needed) {
  whoForm.panel.hidden = false;
  whoForm.radios.forEach((radio) => { radio.checked = radio.value === book.who.group; });
  whoForm.by.value = book.who.by[book.who.group] ?? "";
  whoForm.day.value = book.who.day;
  whoForm.writes.value = book.who.writes;
  inform(whoForm.message, needed ? say("who_first") : "");
  whoForm.message.classList.toggle("wrong", needed);
}

function takeWho() {
  const group = whoForm.radios.find((radio) => radio.checked)?.value ?? "";
  const by = whoForm.by.value.trim();
  const missing = [[group, "missing_group", whoForm.radios[0]], [by, "missing_initials", whoForm.by],
    [isDay(whoForm.day.value), "missing_day", whoForm.day]].find(([there]) => !there);
  if (missing) {
    warn(whoForm.message, missing[1], missing[2]);
    return;
  }
  Object.assign(book.who, { group, day: whoForm.day.value, writes: whoForm.writes.value });
  book.who.by[group] = by;
  whoForm.panel.hidden = true;
  tell();
  changed();
  refilter();
  changeWho.focus({ preventScroll: true });
}

function tell(...children) {
  notice.replaceChildren(...children);
}

// ---- filters

const filters = [];

function refilter() {
  filters.forEach((filter) => filter());
}

function searchable(row) {
  const skill = row.dataset.kind === "skill" ? DATA.skills[Number(row.dataset.at)]?.also ?? [] : [];
  const cells = [...row.cells].filter((cell) => !cell.classList.contains("decide")).map((cell) => cell.textContent);
  return folded([...cells, ...skill].join(" "));
}

// A row of filters over a table. Each choice compares an attribute of the row with words, any of which may fit.
function filterBar(section, choices, undecidedOf, first = []) {
  const table = section.querySelector("table");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  const texts = new Map();
  const search = make("input", { type: "search", autocomplete: "off" });
  const controls = choices.map((c) => ({ ...c, control: select(c.options) }));
  controls.forEach((c) => { c.control.value = c.start ?? ""; c.control.dataset.filter = c.attribute; });
  const open = make("input", { type: "checkbox" });
  const count = make("p", { class: "count", role: "status" });
  const fits = (row) => {
    const letters = folded(search.value.trim());
    if (letters && !texts.has(row)) texts.set(row, searchable(row));
    if (letters && !texts.get(row).includes(letters)) return false;
    if (open.checked && undecidedOf && mine(undecidedOf(row))) return false;
    return row.dataset.outside === undefined && controls.every(({ control, attribute }) => {
      const had = (row.dataset[attribute] ?? "").split(" ");
      return control.value === "" || (attribute === "programme" ? control.value === row.dataset.programme
        : control.value.split(" ").some((word) => had.includes(word)));
    });
  };
  const apply = () => {
    const shown = rows.filter((row) => { row.hidden = !fits(row); return !row.hidden; }).length;
    const scope = controls.find((c) => c.scope);
    const all = scope ? rows.filter((row) => row.dataset[scope.attribute] === scope.control.value) : rows;
    const said = words("showing", { shown: number(shown), all: number(all.length) });
    count.replaceChildren(...said, ...(shown === 0 ? [" ", say("nothing_found"), " ", clear] : []));
  };
  const clear = button(say("clear"), { class: "quiet", click: () => {
    controls.filter((c) => !c.scope).forEach((c) => { c.control.value = ""; });
    search.value = "";
    open.checked = false;
    apply();
    search.focus();
  } });
  const fields = controls.map((c) => field(c.label, c.control));
  const checkbox = make("label", { class: "check" }, open, make("span", {}, say("undecided")));
  const line = make("div", { class: "filters", input: apply },
    ...first, ...fields, field(say("search"), search));
  const counting = make("div", { class: "counting", input: apply }, count, ...(undecidedOf ? [checkbox] : []));
  section.querySelector(".tools").append(line, counting);
  filters.push(apply);
  apply();
}

// ---- parts

function show(id, focus) {
  const parts = [...document.querySelectorAll("section.part")];
  const shown = parts.find((part) => part.id === id) ?? parts[0];
  parts.forEach((part) => { part.hidden = part !== shown; });
  document.querySelectorAll(".parts a").forEach((link) => {
    const here = link.hash === `#${shown.id}`;
    const strip = link.closest("ul");
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    if (here && strip.scrollWidth > strip.clientWidth) link.scrollIntoView({ inline: "center", block: "nearest" });
  });
  if (shownPart !== shown.id) tell();
  shownPart = shown.id;
  paint();
  if (focus) {
    window.scrollTo(0, 0);
    shown.querySelector("h2").focus({ preventScroll: true });
  }
}

function goTo(id) {
  if (location.hash === `#${id}`) show(id, true);
  else location.hash = id;
}

function buildParts() {
  window.addEventListener("hashchange", () => {
    if (location.hash !== "#main" && location.hash !== "#who") show(location.hash.slice(1), true);
  });
  const link = document.querySelector(".parts a[href='#decisions']");
  const count = make("span", { class: "badge" });
  link.append(" ", count);
  painters.push(() => { count.textContent = number(book.decisions.size); });
  show(location.hash.slice(1), false);
}

// ---- start

function start() {
  document.documentElement.classList.add("js");
  storage = canStore() ? "saved" : "not_saved";
  const lost = restore();
  index();
  buildBar();
  buildRows();
  buildForms();
  buildDecisions();
  buildParts();
  if (lost > 0) tell(make("p", {}, ...words("damaged", { n: number(lost) })));
  if (!ready()) openWho(false);
  window.addEventListener("storage", (event) => {
    if (event.key !== STORE) return;
    restore();
    index();
    paint();
  });
  window.addEventListener("beforeunload", (event) => {
    if (storage !== "saved" && book.decisions.size > 0) event.preventDefault();
  });
}

start();
