// What people add of their own: matches, terms, drafted outcomes; the list of all decisions; export and import.

function buildForms() {
  ownMatch(document.getElementById("matches").querySelector(".after"));
  ownTerm(document.getElementById("terms").querySelector(".after"));
  drafts(document.getElementById("outcomes"));
}

function formOf(id, lead, ...children) {
  const heading = make("h3", { id: newId() }, say(id));
  return make("form", { class: "own", novalidate: true, "aria-labelledby": heading.id }, heading,
    ...(lead ? [make("p", { class: "lead" }, say(lead))] : []), ...children);
}

function submit(text) {
  return make("button", { type: "submit" }, text);
}

// A match that the program did not propose.
function ownMatch(place) {
  if (DATA.outcomes.length === 0) return;
  const outcome = new Search({ label: say("outcome"), hint: say("find_outcome"), empty: say("no_outcome"), options: searchedOutcomes, keep: true });
  const skill = skillSearch(say("skill"), null, true);
  const said = message();
  const form = formOf("own_match", "own_match_lead",
    make("div", { class: "fields" }, labelled(say("outcome"), outcome), labelled(say("skill"), skill)),
    make("div", { class: "actions" }, submit(say("add_match")), said));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const missing = [[outcome, "choose_outcome"], [skill, "choose_skill"]].find(([search]) => search.value === "");
    if (missing) {
      warn(said, missing[1], missing[0].input);
      return;
    }
    const chosenOne = DATA.outcomes[outcomeAt.get(outcome.value)];
    const fields = { kind: "match", subject: chosenOne.id, target: skill.value, decision: "accept", text: chosenOne.text,
      language: languageOf(chosenOne.lang) };
    if (!decide(fields)) return;
    inform(said, ...words("added", { what: aboutOf(complete(fields)) }));
    skill.clear();
    skill.input.focus();
  });
  place.append(form);
}

// The visible label of a search box; the box keeps its name for the list it opens.
function labelled(text, search) {
  search.input.id = newId();
  return make("div", { class: "field" }, make("label", { for: search.input.id }, text), search.box);
}

// A term that is not in the list.
function ownTerm(place) {
  const term = make("input", { type: "text", maxlength: String(LONGEST_TERM), autocomplete: "off" });
  const kind = select([["novel", say("novel")], ["alias", say("alias_add")]]);
  const language = select(LANGUAGES.map((l) => [l, say(`language_${l}`)]));
  language.value = book.who.writes;
  const skill = skillSearch(say("skill"), null, true);
  const skillField = labelled(say("skill"), skill);
  const said = message();
  const form = formOf("own_term", "own_term_lead",
    make("div", { class: "fields" }, field(say("term"), term), field(say("language"), language), field(say("term_is"), kind), skillField),
    make("div", { class: "actions" }, submit(say("add_term")), said));
  const paintKind = () => { skillField.hidden = kind.value !== "alias"; };
  kind.addEventListener("change", paintKind);
  paintKind();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = term.value.trim();
    const alias = kind.value === "alias";
    const missing = text === "" ? ["give_term", term] : alias && skill.value === "" ? ["choose_skill", skill.input] : null;
    if (missing) {
      warn(said, ...missing);
      return;
    }
    const fields = { kind: "term", target: alias ? skill.value : "", decision: kind.value, text,
      language: writtenIn(text, language.value, DATA.lang) };
    if (!decide(fields)) return;
    inform(said, ...words("added", { what: aboutOf(complete(fields)) }));
    term.value = "";
    skill.clear();
    term.focus();
  });
  place.append(form);
}

// ---- drafted outcomes

// The form that an outcome is drafted in; it is also where one is changed.
class DraftForm {
  constructor() {
    this.skills = [];
    this.editing = null;
    this.forWhom = select([["", say("draft_new")], ...DATA.programmes.map((p) => [p.id, p.name])]);
    this.text = make("textarea", { rows: "4", maxlength: "1000" });
    this.language = select(LANGUAGES.map((l) => [l, say(`language_${l}`)]));
    this.ects = make("input", { type: "text", inputmode: "decimal", maxlength: "5", autocomplete: "off" });
    this.chips = make("ul", { class: "chips" });
    this.search = skillSearch(say("draft_skill_add"), (id) => this.addSkill(id));
    this.said = message();
    this.save = submit(say("draft_save"));
    this.cancel = button(say("draft_cancel"), { class: "quiet", click: () => this.clear() });
    this.heading = make("h3", { id: newId() });
    this.form = make("form", { class: "own", novalidate: true, "aria-labelledby": this.heading.id,
      submit: (event) => { event.preventDefault(); this.take(); } }, this.heading,
    make("div", { class: "fields" }, field(say("draft_for"), this.forWhom), field(say("language"), this.language),
      field(say("draft_ects"), this.ects)),
    field(say("draft_text"), this.text, say("draft_hint")), labelled(say("draft_skills"), this.search), this.chips,
    make("div", { class: "actions" }, this.save, this.cancel, this.said));
    this.clear();
  }

  addSkill(id) {
    if (!this.skills.includes(id)) this.skills.push(id);
    this.paintSkills();
  }

  paintSkills() {
    this.chips.replaceChildren(...this.skills.map((id) => chip(skillName(id), () => {
      this.skills = this.skills.filter((other) => other !== id);
      this.paintSkills();
      this.search.input.focus();
    })));
  }

  // Fills the form from a decision; with `editing`, saving replaces that decision.
  fill(d, editing) {
    this.editing = editing;
    this.skills = d.target.split(" ").filter((id) => id !== "");
    [this.forWhom.value, this.text.value, this.ects.value] = [d.subject, d.text, d.value];
    this.language.value = d.language || book.who.writes;
    this.heading.textContent = say(editing ? "draft_edit" : "draft");
    this.save.textContent = say(editing ? "draft_change" : "draft_save");
    this.cancel.hidden = !editing;
    inform(this.said);
    this.paintSkills();
  }

  clear() {
    this.fill({ subject: "", target: "", text: "", value: "", language: "" }, null);
  }

  begin(d, editing) {
    this.fill(d, editing);
    this.form.scrollIntoView({ block: "start" });
    this.text.focus({ preventScroll: true });
  }

  take() {
    const [text, size] = [this.text.value.trim().replaceAll("\r", ""), this.ects.value.trim().replace(",", ".")];
    if (text === "") return warn(this.said, "draft_give", this.text);
    if (size !== "" && !isEcts(size)) return warn(this.said, "draft_ects_wrong", this.ects);
    if (!ready()) return askWho(true);
    if (this.editing) book.decisions.delete(keyOf(this.editing));
    decide({ kind: "outcome", subject: this.forWhom.value, target: this.skills.join(" "), decision: "draft", value: size, text,
      language: writtenIn(text, this.language.value, DATA.lang) });
    this.clear();
    inform(this.said, say("draft_saved"));
    return this.text.focus();
  }
}

function drafts(section) {
  const draft = new DraftForm();
  proposalButtons(section, ({ skills, ects }) => {
    const target = skills.map((at) => DATA.skills[at].id).join(" ");
    draft.begin({ subject: "", target, text: "", value: String(ects), language: "" }, null);
    inform(draft.said, say("draft_started"));
  });
  section.querySelector(".after").append(draftList((d) => draft.begin(d, d)));
  section.querySelector(".tools").append(draft.form);
}

function proposalButtons(section, begin) {
  section.querySelectorAll("tr[data-kind=proposal]").forEach((row) => {
    const proposal = DATA.proposals[Number(row.dataset.at)];
    const label = say("draft_from_of", { n: Number(row.dataset.at) + 1 });
    row.querySelector("td.decide").append(button(say("draft_from"), { "aria-label": label, click: () => begin(proposal) }));
  });
}

function draftList(edit) {
  const list = make("ul", { class: "drafts" });
  const none = make("p", { class: "lead" }, say("drafts_none"));
  painters.push(() => {
    const all = [...book.decisions.values()].filter((d) => d.kind === "outcome");
    none.hidden = all.length > 0;
    list.replaceChildren(...all.map((d) => draftItem(d, edit)));
  });
  return make("div", { class: "own" }, make("h3", {}, say("drafts")), none, list);
}

function draftItem(d, edit) {
  const { group, decided_by: by } = actor();
  const own = d.group === group && d.decided_by === by;
  const what = d.text.slice(0, 60);
  const controls = [button(say("edit"), { class: "quiet", "aria-label": say("edit_of", { what }), click: () => edit(d) }),
    button(say("undo"), { class: "quiet", "aria-label": say("undo_of", { what }), click: () => undo(d) })];
  return make("li", {},
    make("p", { class: "statement" }, bdi(d.text, d.language)),
    make("p", { class: "about" }, ...draftAbout(d)),
    make("p", { class: "about" }, ...whoOf(d), ...(own ? [" ", ...controls] : [])));
}

// For whom, how large, which skills.
function draftAbout(d) {
  const names = d.target.split(" ").filter((id) => id !== "").map(skillName);
  const skills = names.flatMap((name, at) => (at > 0 ? [" · ", name] : [name]));
  return [targetName(d.subject), ...(d.value ? [" · ", bdi(`${d.value} ECTS`)] : []), ...(names.length > 0 ? [" · ", ...skills] : [])];
}

function whoOf(d) {
  return [make("strong", {}, say(`short_${d.group}`)), ...(d.decided_by ? [" · ", bdi(d.decided_by)] : []), " · ", bdi(d.decided_on)];
}

// ---- all decisions

// What a decision is about.
function aboutOf(d) {
  if (d.kind === "match") return words("about_match", { outcome: bdi(d.text || d.subject, d.language), skill: skillName(d.target) });
  if (d.kind === "mention") return words("about_match", { outcome: bdi(d.text || d.subject, d.language), skill: skillName(d.target) });
  if (d.kind === "term") return [bdi(d.text, d.language)];
  if (d.kind === "priority") return words("about_priority", { skill: skillName(d.subject), target: targetName(d.target) });
  if (d.kind === "outcome") return draftAbout(d);
  const occupation = occupationOf.get(d.subject);
  return [occupation ? bdi(occupation.name, occupation.lang ?? DATA.lang) : skillName(d.subject)];
}

function plainOf(nodes) {
  return make("span", {}, ...nodes).textContent;
}

function buildDecisions() {
  const section = document.getElementById("decisions");
  const group = select([["", say("group_any")], ...GROUPS.map((g) => [g, say(`short_${g}`)])]);
  const kind = select([["", say("kind_any")], ...KINDS.map((k) => [k, say(`kind_${k}`)])]);
  const body = make("tbody", { role: "rowgroup" });
  const empty = make("p", { class: "lead" }, say("decisions_none"));
  const heading = make("h3", { id: "all-decisions", tabindex: "-1" }, say("list"));
  const count = make("p", { class: "count", role: "status" });
  const table = make("div", { class: "scroll", role: "region", "aria-labelledby": "all-decisions", tabindex: "0" }, decisionTable(body));
  const list = make("div", { class: "own" }, heading,
    make("div", { class: "filters", change: () => painter() }, field(say("group"), group), field(say("kind"), kind)), count, empty, table);
  const painter = () => {
    const all = [...book.decisions.values()];
    const shown = all.filter((d) => (group.value === "" || d.group === group.value) && (kind.value === "" || d.kind === kind.value));
    body.replaceChildren(...shown.map((d) => decisionRow(d, heading)));
    empty.hidden = all.length > 0;
    table.hidden = shown.length === 0;
    count.replaceChildren(...(all.length > 0 ? words("showing", { shown: number(shown.length), all: number(all.length) }) : []));
  };
  painters.push(painter);
  section.querySelector(".tools").append(fileTools());
  section.querySelector(".after").append(conflictList(), list, startAgain());
}

const DECISION_COLUMNS = ["what", "decision", "who_column", "reason"];

function decisionTable(body) {
  const heads = DECISION_COLUMNS.map((key) => make("th", { scope: "col", role: "columnheader" }, say(key)));
  const last = make("th", { scope: "col", role: "columnheader" }, make("span", { class: "hidden-text" }, say("undo")));
  return make("table", { role: "table" }, make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...heads, last)), body);
}

function decisionRow(d, heading) {
  const what = plainOf([...aboutOf(d), ": ", ...decisionWords(d)]);
  const take = () => {
    const row = [...document.querySelectorAll("#decisions tbody tr")].findIndex((r) => r.contains(document.activeElement));
    undo(d);
    tell(make("p", {}, ...words("undone", { what }), " ", button(say("put_back"), { class: "quiet", click: () => {
      book.decisions.set(keyOf(d), d);
      changed();
      tell();
      heading.focus();
    } })));
    const next = document.querySelectorAll("#decisions tbody tr")[row];
    (next?.querySelector("button") ?? heading).focus();
  };
  const cell = (key, ...children) => make("td", { role: "cell", "data-label": say(key) }, make("div", {}, ...children));
  const [about, ...rest] = [aboutOf(d), cell("decision", ...decisionWords(d)), cell("who_column", ...whoOf(d)),
    cell("reason", bdi(d.reason))];
  return make("tr", { role: "row" }, make("th", { scope: "row", role: "rowheader" },
    make("span", { class: "small" }, say(`kind_${d.kind}`)), " ", ...about), ...rest,
  make("td", { role: "cell", class: "undo" }, button(say("undo"), { class: "quiet", "aria-label": say("undo_of", { what }), click: take })));
}

function conflictList() {
  const list = make("ul", { class: "conflicts" });
  const none = make("p", { class: "lead" }, say("conflicts_none"));
  const lead = make("p", { class: "lead" }, say("conflicts_lead"));
  const over = make("ul", { class: "conflicts" });
  painters.push(() => {
    const conflicts = conflictsOf([...book.decisions.values()]);
    none.hidden = conflicts.length > 0;
    lead.hidden = conflicts.length === 0;
    list.replaceChildren(...conflicts.map((same) => make("li", {}, make("p", { class: "statement" }, ...aboutOf(same[0])),
      make("ul", {}, ...same.map((d) => make("li", {}, ...words("said", {
        group: make("strong", {}, say(`short_${d.group}`)), by: bdi(d.decided_by), what: decisionWords(d),
      })))))));
    const spent = GROUPS.filter((g) => votesOf(g) > DATA.votes);
    over.replaceChildren(...spent.map((g) => make("li", {}, ...words("votes_over",
      { group: say(`short_${g}`), n: number(votesOf(g)), all: number(DATA.votes) }))));
  });
  return make("div", { class: "own" }, make("h3", {}, say("conflicts")), none, lead, list, over);
}

// ---- files

function exportCsv() {
  const blob = new Blob([toCsv([...book.decisions.values()])], { type: "text/csv;charset=utf-8" });
  const link = make("a", { href: URL.createObjectURL(blob), download: "review.csv" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  tell(make("p", {}, ...counted("exported", book.decisions.size)));
}

function fileTools() {
  const report = make("div", { class: "import-report", role: "status" });
  const hint = make("p", { class: "hint", id: newId() }, say("import_hint"));
  const input = make("input", { type: "file", class: "hidden-text", id: newId(), "aria-describedby": hint.id, accept: ".csv,text/csv", multiple: true, change: async () => {
    report.replaceChildren();
    for (const file of input.files) report.append(...importText(file.name, await file.text()));
    input.value = "";
  } });
  return make("div", { class: "files" }, input, make("label", { for: input.id }, say("import")), hint, report);
}

const MOST_REFUSED = 8;

// Takes in what is new; what differs from here waits for a choice.
function importText(file, text) {
  if (text.includes("\ufffd")) return [make("p", { class: "warning" }, ...words("import_not_text", { file }))];
  const read = fromCsv(text, DATA.edition);
  if (!read) return [make("p", { class: "warning" }, ...words("import_not_csv", { file }))];
  const fresh = read.decisions.filter((d) => !book.decisions.has(keyOf(d)));
  const known = read.decisions.filter((d) => book.decisions.has(keyOf(d)));
  const differ = known.filter((d) => !same(d, book.decisions.get(keyOf(d))));
  fresh.forEach((d) => book.decisions.set(keyOf(d), d));
  changed();
  const counts = { file, added: number(fresh.length), same: number(known.length - differ.length), differ: number(differ.length),
    refused: number(read.refused.length) };
  return [make("p", {}, ...words("imported", counts)), ...refusedRows(read.refused), ...differing(differ)];
}

function refusedRows(refused) {
  if (refused.length === 0) return [];
  const rows = refused.slice(0, MOST_REFUSED).map(({ row, reason, edition }) => make("li", {},
    ...words("import_row", { row: number(row), reason: words(`problem_${reason}`, { edition }) })));
  const more = refused.length > MOST_REFUSED ? [make("li", {}, ...words("import_more", { n: number(refused.length - MOST_REFUSED) }))] : [];
  return [make("ul", { class: "warning" }, ...rows, ...more)];
}

function differing(decisions) {
  if (decisions.length === 0) return [];
  const done = (key) => box.replaceChildren(make("p", {}, say(key)));
  const take = () => {
    decisions.forEach((d) => book.decisions.set(keyOf(d), d));
    changed();
    done("took_file");
  };
  const box = make("div", { class: "ask" }, make("p", {}, ...counted("differ", decisions.length)),
    make("div", { class: "actions" }, button(say("keep_here"), { click: () => done("kept_here") }), button(say("take_file"), { click: take })));
  return [box];
}

function startAgain() {
  const question = make("p", {});
  const begin = button(say("start_again"), { class: "quiet", click: () => {
    question.replaceChildren(...counted("start_again_ask", book.decisions.size));
    ask.hidden = false;
    keep.focus();
  } });
  const close = () => { ask.hidden = true; begin.focus(); };
  const keep = button(say("start_again_no"), { click: close });
  const remove = button(say("start_again_yes"), { class: "danger", click: () => {
    book.decisions.clear();
    changed();
    tell(make("p", {}, say("started_again")));
    close();
  } });
  const ask = make("div", { class: "ask", hidden: true }, question, make("div", { class: "actions" }, keep, remove));
  painters.push(() => { begin.hidden = book.decisions.size === 0 && ask.hidden; });
  return make("div", { class: "own" }, begin, ask);
}
