// Words and elements: everything from outside becomes a text node, never markup.

const DATA = JSON.parse(document.getElementById("data").textContent);
const PORTFOLIO = "portfolio";
const plural = new Intl.PluralRules(DATA.lang);
const skillAt = new Map(DATA.skills.map((skill, at) => [skill.id, at]));
const outcomeAt = new Map(DATA.outcomes.map((outcome, at) => [outcome.id, at]));
const occupationOf = new Map(DATA.occupations.map((occupation) => [occupation.id, occupation]));
const programmeOf = new Map(DATA.programmes.map((programme) => [programme.id, programme]));
let ids = 0;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function newId() {
  ids += 1;
  return `made-${ids}`;
}

// A text from outside in an isolate, so that its direction stays its own.
function bdi(text, lang) {
  const known = LANGUAGES.includes(lang) ? lang : undefined;
  return make("bdi", { lang: known, dir: known && (known === "ar" ? "rtl" : "ltr") }, text);
}

function number(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, DATA.t.thousands);
}

// The words of `key` cut at their places: [text, place, text, place, ... text].
function pieces(key) {
  return (DATA.t[key] ?? `⟦${key}⟧`).split(/\{(\w+)\}/);
}

// The words as nodes; values are nodes or texts from outside.
function words(key, values = {}) {
  return pieces(key).map((piece, i) => {
    if (i % 2 === 0) return piece;
    const value = values[piece] ?? "";
    return value instanceof Node || Array.isArray(value) ? value : bdi(String(value));
  }).flat();
}

// The words as plain text, for labels of controls; values are isolated.
function say(key, values = {}) {
  return pieces(key).map((piece, i) => (i % 2 === 0 ? piece : `\u2068${values[piece] ?? ""}\u2069`)).join("");
}

// The key of the plural form that goes with `n`.
function form(key, n) {
  const own = `${key}_${plural.select(n)}`;
  return own in DATA.t ? own : key;
}

function counted(key, n, values = {}) {
  return words(form(key, n), { n: number(n), ...values });
}

// For comparing what people type: no accents, no case, Arabic letters of one kind as one, no short vowels.
function folded(text) {
  const plain = text.normalize("NFKD").replace(/[\p{M}\u0640]/gu, "").toLowerCase();
  return plain.replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه");
}

function skillName(id) {
  const skill = DATA.skills[skillAt.get(id)];
  return skill ? bdi(skill.name, skill.lang ?? DATA.lang) : bdi(id);
}

function targetName(id) {
  if (id === PORTFOLIO) return make("span", {}, say("portfolio"));
  if (id === "") return make("span", {}, say("draft_new"));
  const programme = programmeOf.get(id);
  return programme ? bdi(programme.name, programme.lang) : bdi(id);
}

function button(text, attributes) {
  return make("button", { type: "button", ...attributes }, text);
}

function field(label, control, hint) {
  control.id = newId();
  const parts = [make("label", { for: control.id }, label), control];
  if (hint) {
    const note = make("p", { class: "hint", id: newId() }, hint);
    control.setAttribute("aria-describedby", note.id);
    parts.push(note);
  }
  return make("div", { class: "field" }, ...parts);
}

function select(options, attributes = {}) {
  return make("select", attributes, ...options.map(([value, text]) => make("option", { value }, text)));
}

// A message beside a form; empty = none. It is announced when it changes.
function message() {
  return make("p", { class: "message", role: "status" });
}

function inform(said, ...nodes) {
  said.classList.remove("wrong");
  said.replaceChildren(...nodes);
}

// What is missing, with the focus where it can be given.
function warn(said, key, control) {
  said.classList.add("wrong");
  said.textContent = say(key);
  control.focus();
}

const MOST_OPTIONS = 8;

// Best first: names that begin with the letters, then words that do, then the rest.
function found(options, typed) {
  const letters = folded(typed.trim());
  if (letters === "") return [];
  const rank = (option) => Math.min(...option.names.map((name) => {
    const at = name.indexOf(letters);
    if (at < 0) return 9;
    return at === 0 ? 0 : 1 + Number(!/[\s/(-]/.test(name[at - 1]));
  }));
  const ranked = options.map((option, at) => ({ option, at, rank: rank(option) })).filter((r) => r.rank < 9);
  return ranked.sort((a, b) => a.rank - b.rank || a.at - b.at).slice(0, MOST_OPTIONS).map((r) => r.option);
}

// A search box over names (ARIA combobox with a list): arrows, Enter, Escape, pointer.
class Search {
  constructor({ label, hint, empty, options, picked, keep }) {
    Object.assign(this, { options, picked, keep, empty, shown: [], at: -1, value: "" });
    const list = newId();
    this.list = make("ul", { role: "listbox", id: list, "aria-label": label, hidden: true });
    this.input = make("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: hint,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list, "aria-label": label,
      input: () => { this.value = ""; this.open(); },
      keydown: (event) => this.key(event),
      blur: () => this.close(),
    });
    this.status = make("p", { class: "hidden-text", role: "status" });
    this.box = make("div", { class: "search" }, this.input, this.list, this.status);
  }

  open() {
    this.shown = found(this.options(), this.input.value);
    this.at = this.shown.length > 0 ? 0 : -1;
    this.list.replaceChildren(...this.shown.map((option, at) => this.row(option, at)));
    const typed = this.input.value.trim() !== "";
    const none = typed && this.shown.length === 0;
    if (none) this.list.append(make("li", { role: "option", "aria-disabled": "true", class: "none" }, this.empty));
    this.status.replaceChildren(...(typed && !none ? counted("options", this.shown.length) : [none ? this.empty : ""]));
    this.list.hidden = !typed;
    this.input.setAttribute("aria-expanded", String(typed));
    this.mark();
  }

  row(option, at) {
    const tail = option.twin ? [" ", make("small", {}, bdi(option.value.slice(-12)))] : [];
    const pick = (event) => { event.preventDefault(); this.pick(at); };
    return make("li", { role: "option", id: `${this.list.id}-${at}`, mousedown: pick }, bdi(option.name, option.lang), ...tail);
  }

  mark() {
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === this.at)));
    if (this.at < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.at >= 0) this.pick(this.at);
    } else if (step) {
      event.preventDefault();
      if (this.list.hidden) this.open();
      else if (this.shown.length > 0) this.at = (this.at + step + this.shown.length) % this.shown.length;
      this.mark();
    }
  }

  pick(at) {
    const option = this.shown[at];
    this.value = option.value;
    this.input.value = this.keep ? option.name : "";
    this.close();
    this.picked?.(option.value);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  clear() {
    this.value = "";
    this.input.value = "";
  }
}

// Names that are borne twice show the end of their id.
function withTwins(options) {
  const count = new Map();
  options.forEach((o) => count.set(o.name, (count.get(o.name) ?? 0) + 1));
  return options.map((o) => ({ ...o, twin: count.get(o.name) > 1 }));
}

let skillOptions = null;
function searchedSkills() {
  skillOptions ??= withTwins(DATA.skills.map((s) => ({
    value: s.id, name: s.name, lang: s.lang ?? DATA.lang, names: [s.name, ...s.also].map(folded),
  })));
  return skillOptions;
}

let outcomeOptions = null;
function searchedOutcomes() {
  outcomeOptions ??= withTwins(DATA.outcomes.map((o) => ({ value: o.id, name: o.text, lang: o.lang, names: [folded(o.text)] })));
  return outcomeOptions;
}

function skillSearch(label, picked, keep = false) {
  const [shown, all] = [DATA.skills.length, DATA.skill_count];
  const cut = shown < all ? ` ${say("searched", { shown: number(shown), all: number(all) })}` : "";
  return new Search({ label, hint: say("find_skill"), empty: say("no_skill") + cut, options: searchedSkills, picked, keep });
}
