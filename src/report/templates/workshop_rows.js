// What people decide row by row: the last column of each table.

function languageOf(lang) {
  return LANGUAGES.includes(lang) ? lang : "";
}

// Words for what a decision comes to.
function decisionWords(d) {
  if (d.kind === "note" || d.kind === "outcome") return [bdi(d.text, d.language)];
  if (d.kind === "priority") {
    const votes = Number(d.value);
    return [say(d.decision), ...(votes > 0 ? [" · ", ...counted(`votes_given`, votes)] : [])];
  }
  if (d.kind === "term" && d.decision === "alias") return [say("alias"), " ", skillName(d.target)];
  return [say(d.kind === "term" && d.decision === "reject" ? "term_reject" : d.decision)];
}

// What others decided about the same, and whether that differs; shown again only when it changed.
function othersList(items) {
  const list = make("ul", { class: "others", "aria-label": say("also_decided"), hidden: true });
  const badge = make("p", { class: "differs", hidden: true }, say("differs"));
  let shown = "";
  const painter = () => {
    const said = items().flatMap(others);
    const all = items().flatMap((fields) => byItem.get(itemOf(complete(fields))) ?? []);
    const text = JSON.stringify(said);
    badge.hidden = conflictsOf(all).length === 0;
    if (text === shown) return;
    shown = text;
    list.hidden = said.length === 0;
    list.replaceChildren(...said.map((d) => {
      const group = make("strong", {}, say(`short_${d.group}`));
      return make("li", {}, ...words("said", { group, by: bdi(d.decided_by), what: decisionWords(d) }));
    }));
  };
  return { elements: [badge, list], painter };
}

// Buttons of which one can be pressed; pressing it again takes the decision back.
function choice(options) {
  const buttons = options.map(({ text, label, fields, classes }) => button(text, {
    class: `choose ${classes ?? ""}`, "aria-label": label, "aria-pressed": "false",
    click: () => {
      const own = mine(fields());
      if (own && verdictOf(own) === verdictOf(complete(fields()))) undo(own);
      else decide(fields());
    },
  }));
  const painter = () => options.forEach(({ fields }, at) => {
    const own = mine(fields());
    const pressed = own !== undefined && own.decision === fields().decision;
    buttons[at].setAttribute("aria-pressed", String(pressed));
  });
  return { buttons, painter };
}

// The reason of one's own decision; there is a place for it once there is a decision.
function reasonField(fields, label) {
  const input = make("input", { type: "text", class: "why", maxlength: "500", placeholder: say("why"), "aria-label": label, hidden: true,
    change: () => {
      const own = mine(fields());
      if (own) decide({ ...own, reason: input.value.trim() });
    } });
  const painter = () => {
    const own = mine(fields());
    input.hidden = !own;
    if (document.activeElement !== input) input.value = own?.reason ?? "";
  };
  return { input, painter };
}

// The view of a group on a skill or an occupation; emptied, it is taken back.
function noteField(id, name) {
  const fields = (text = "") => ({
    kind: "note", subject: id, decision: "note", text, language: writtenIn(text, book.who.writes, DATA.lang),
  });
  const area = make("textarea", { rows: "3", maxlength: "2000", "aria-label": say("note_of", { name }),
    change: () => {
      const own = mine(fields());
      const text = area.value.trim();
      if (text) decide({ ...fields(text), reason: "" });
      else if (own) undo(own);
    } });
  const mark = make("span", { class: "has", hidden: true }, "●");
  const box = make("details", { class: "note" }, make("summary", {}, say("note"), " ", mark), area);
  const painter = () => {
    const own = mine(fields());
    mark.hidden = !own;
    if (document.activeElement !== area) area.value = own?.text ?? "";
  };
  return { box, fields, painter };
}

// Painters of the part that is being built.
let builtPart = "";
function paintWith(...ps) {
  if (!partPainters.has(builtPart)) partPainters.set(builtPart, []);
  partPainters.get(builtPart).push(...ps);
}

// ---- matches, mentions, terms

function matchRow(cell, at) {
  const [outcome, skill] = [DATA.outcomes[DATA.matches[at][0]], DATA.skills[DATA.matches[at][1]]];
  const fields = (decision) => ({
    kind: "match", subject: outcome.id, target: skill.id, decision, text: outcome.text, language: languageOf(outcome.lang),
  });
  const names = { outcome: outcome.text, skill: skill.name };
  const options = ["accept", "reject"].map((d) => ({ text: say(d), label: say(`${d}_of`, names), fields: () => fields(d), classes: d }));
  judged(cell, options, () => fields(""), skill.name);
  return () => fields("");
}

function judged(cell, options, fields, name) {
  const { buttons, painter } = choice(options);
  const why = reasonField(fields, say("why_of", { name }));
  const rest = othersList(() => [fields()]);
  cell.append(make("div", { class: "choices" }, ...buttons), why.input, ...rest.elements);
  paintWith(painter, why.painter, rest.painter);
}

function mentionRow(cell, at) {
  const mention = DATA.mentions[at];
  const skill = DATA.skills[mention.skill];
  const fields = (decision) => ({
    kind: "mention", subject: mention.posting, target: skill.id, decision, value: mention.words, text: mention.sentence,
    language: languageOf(mention.lang),
  });
  const names = { skill: skill.name, n: at + 1 };
  const options = ["right", "wrong"].map((d) => ({ text: say(d), label: say(`${d}_of`, names), fields: () => fields(d), classes: d }));
  judged(cell, options, () => fields(""), skill.name);
  cell.append(missedSkills(mention, skill, at));
  return () => fields("");
}

// Skills of the same sentence that were overlooked.
function missedSkills(mention, skill, at) {
  const said = message();
  const list = make("ul", { class: "chips" });
  const fields = (id) => ({
    kind: "mention", subject: mention.posting, target: id, decision: "missed", value: "", text: mention.sentence,
    language: languageOf(mention.lang),
  });
  const pick = (id) => {
    inform(said, id === skill.id ? say("missed_same") : "");
    if (id !== skill.id) decide(fields(id));
  };
  const opener = opening(say("missed_add"), () => skillSearch(say("missed_of", { n: at + 1 }), pick));
  const painter = () => {
    const { group, decided_by: by } = actor();
    const own = [...book.decisions.values()].filter((d) =>
      d.decision === "missed" && d.subject === mention.posting && d.group === group && d.decided_by === by);
    list.replaceChildren(...own.map((d) => chip(skillName(d.target), () => undo(d))));
  };
  paintWith(painter);
  return make("div", { class: "more" }, opener.button, opener.place, said, list);
}

// A button that opens a search box when first pressed, and closes it when pressed again.
function opening(text, build, attributes = {}) {
  const place = make("div", { hidden: true });
  let search = null;
  const toggle = button(text, { class: "quiet", "aria-expanded": "false", ...attributes, click: () => {
    if (!search) place.append((search = build()).box);
    place.hidden = !place.hidden;
    toggle.setAttribute("aria-expanded", String(!place.hidden));
    if (!place.hidden) search.input.focus();
  } });
  const close = () => {
    place.hidden = true;
    toggle.setAttribute("aria-expanded", "false");
    toggle.focus();
  };
  return { button: toggle, place, close };
}

function chip(name, remove) {
  const label = say("draft_skill_remove", { skill: name.textContent });
  return make("li", {}, name, button("×", { class: "remove", "aria-label": label, click: remove }));
}

function termRow(cell, at) {
  const term = DATA.terms[at];
  const fields = (decision, id = "") => ({
    kind: "term", target: id, decision, text: term.text, language: languageOf(term.lang),
  });
  const names = { term: term.text };
  const options = [["novel", "novel", "novel_button"], ["reject", "term_reject", "reject_button"]]
    .map(([d, text, label]) => ({ text: say(text), label: say(label, names), fields: () => fields(d), classes: d }));
  const chosen = make("ul", { class: "chips" });
  const opener = opening(say("alias_add"), () => skillSearch(say("alias_of", names), (id) => {
    if (decide(fields("alias", id))) opener.close();
  }), { class: "choose alias", "aria-label": say("alias_button", names) });
  const painter = () => {
    const own = mine(fields(""));
    const alias = own?.decision === "alias";
    opener.button.classList.toggle("pressed", alias);
    chosen.replaceChildren(...(alias ? [chip(skillName(own.target), () => undo(own))] : []));
  };
  judged(cell, options, () => fields(""), term.text);
  cell.firstChild.prepend(opener.button);
  cell.firstChild.after(opener.place, chosen);
  paintWith(painter);
  return () => fields("");
}

// ---- skills and occupations

function priorityFields(skill, decision = "", votes = 0) {
  return { kind: "priority", subject: skill.id, target, decision, value: String(votes), language: book.who.writes };
}

function skillRow(cell, at, row) {
  const skill = DATA.skills[at];
  const own = () => mine(priorityFields(skill));
  const votes = () => Number(own()?.value ?? 0);
  const options = DECISIONS.priority.map((d) => ({
    text: say(d), fields: () => priorityFields(skill, d, d === "none" ? 0 : votes()), classes: d,
  }));
  const { buttons, painter } = choice(options);
  const why = reasonField(() => priorityFields(skill), say("why_of", { name: skill.name }));
  const note = noteField(skill.id, skill.name);
  const rest = othersList(() => [priorityFields(skill), note.fields()]);
  const group = make("div", { class: "choices", role: "group", "aria-label": say("priority_of", { skill: skill.name }) }, ...buttons);
  const stepper = voteStepper(skill, row, own, votes);
  const line = make("p", { class: "in-programme" });
  cell.append(line, group, stepper.box, why.input, note.box, ...rest.elements);
  paintWith(painter, stepper.painter, why.painter, note.painter, rest.painter, () => inProgramme(line, at, row));
  return () => priorityFields(skill);
}

// More and fewer votes; the first vote takes the priority that the data suggest.
function voteStepper(skill, row, own, votes) {
  const output = make("output", { "aria-live": "polite" }, "0");
  const vote = (step) => {
    if (!ready()) { askWho(true); return; }
    const next = votes() + step;
    if (step > 0 && votesOf(actor().group) >= DATA.votes) {
      tell(make("p", {}, say("no_votes", { all: number(DATA.votes) })));
      return;
    }
    if (next < 0) return;
    const suggested = ["add", "strengthen", "review"].includes(row.dataset.status) ? row.dataset.status : "add";
    const decision = own() && own().decision !== "none" ? own().decision : suggested;
    decide(priorityFields(skill, decision, next));
  };
  const less = button("−", { "aria-label": say("vote_less", { skill: skill.name }), click: () => vote(-1) });
  const more = button("+", { "aria-label": say("vote_more", { skill: skill.name }), click: () => vote(1) });
  const label = make("span", { class: "label" }, say("votes"));
  const box = make("div", { class: "votes", role: "group", "aria-label": say("votes_of", { skill: skill.name }) }, label, less, output, more);
  const painter = () => {
    const text = String(votes());
    if (output.textContent !== text) output.textContent = text;
    less.setAttribute("aria-disabled", String(votes() === 0));
    more.setAttribute("aria-disabled", String(ready() && votesOf(actor().group) >= DATA.votes));
    box.classList.toggle("given", votes() > 0);
  };
  return { box, painter };
}

// What the figures of the chosen programme say of the skill.
function inProgramme(line, at, row) {
  const gap = programmeOf.get(target)?.gaps.find(([skill]) => skill === at);
  line.hidden = !gap;
  if (!gap || line.dataset.target === target) return;
  line.dataset.target = target;
  line.replaceChildren(...words("in_programme", { status: say(`status_${gap[1]}`), demand: gap[2], coverage: gap[3] }));
}

function occupationRow(cell, at) {
  const occupation = DATA.occupations[at];
  const note = noteField(occupation.id, occupation.name);
  const rest = othersList(() => [note.fields()]);
  cell.append(note.box, ...rest.elements);
  paintWith(note.painter, rest.painter);
  return () => note.fields();
}

// ---- all rows

const ROWS = { match: matchRow, mention: mentionRow, term: termRow, skill: skillRow, occupation: occupationRow };

// Fills the last column and gives what each row is about, for the filter of undecided ones.
function fillRows(section) {
  const about = new Map();
  builtPart = section.id;
  section.querySelectorAll("tr[data-kind]").forEach((row) => {
    const build = ROWS[row.dataset.kind];
    const cell = row.querySelector("td.decide");
    if (build) about.set(row, build(cell, Number(row.dataset.at), row));
  });
  return (row) => about.get(row)();
}

// Options of a filter by what the rows have; `name` gives their words.
function present(section, attribute, first, name) {
  const rows = [...section.querySelectorAll(`tr[data-${attribute}]`)];
  const values = [...new Set(rows.map((row) => row.dataset[attribute]).filter((value) => value !== ""))];
  return [["", first], ...values.map((value) => [value, name(value)])];
}

function chosen(prefix, values) {
  return [["", say(`${prefix}_any`)], ...values.map((value) => [value, say(`${prefix}_${value}`)])];
}

function buildRows() {
  const part = (id) => document.getElementById(id);
  const trends = { attribute: "trend", label: say("trend"), options: chosen("trend", ["emerging", "growing", "declining"]) };
  occupationFilters(part("occupations"), trends);
  skillFilters(part("skills"), trends);
  const matches = part("matches");
  filterBar(matches, [
    { attribute: "strength", label: say("strength"), options: chosen("strength", ["possible", "strong", "exact"]), start: "possible" },
    { attribute: "programme", label: say("programme"),
      options: present(matches, "programme", say("programme_any"), (id) => programmeOf.get(id)?.name ?? id) },
  ], fillRows(matches));
  const mentions = part("mentions");
  filterBar(mentions, [], fillRows(mentions));
  const terms = part("terms");
  const languages = present(terms, "language", say("language_any"), (l) => (LANGUAGES.includes(l) ? say(`language_${l}`) : l));
  const own = languages.some(([value]) => value === DATA.lang) ? DATA.lang : "";
  filterBar(terms, [{ attribute: "language", label: say("language"), options: languages, start: own }], fillRows(terms));
  const jump = (value) => () => {
    const control = part("skills").querySelector("[data-filter=transition]");
    if (control) control.value = value;
    const status = part("skills").querySelector("[data-filter=status]");
    if (status) status.value = "";
    refilter();
    goTo("skills");
  };
  part("transition").querySelector(".tools").append(make("div", { class: "actions" },
    button(say("see_green"), { click: jump("green") }), button(say("see_digital"), { click: jump("digital") })));
}

function occupationFilters(section, trends) {
  const areas = present(section, "area", say("all_areas"), (code) => {
    const row = [...section.querySelectorAll("tr[data-area]")].find((r) => r.dataset.area === code);
    return row.cells[1].querySelector(".first").textContent;
  }).slice(1);
  filterBar(section, [{ attribute: "area", label: say("area"), options: areas, start: areas[0]?.[0], scope: true }, trends], fillRows(section));
}

function skillFilters(section, trends) {
  const about = fillRows(section);
  const programmes = DATA.programmes.filter((p) => p.gaps.length > 0).map((p) => [p.id, p.name]);
  const aim = select([[PORTFOLIO, say("portfolio")], ...programmes], { change: () => aimAt(aim.value) });
  const rows = [...section.querySelectorAll("tr[data-kind=skill]")];
  const whole = new Map(rows.map((row) => [row, row.dataset.status]));
  const aimAt = (id) => {
    target = id;
    const gaps = new Map((programmeOf.get(id)?.gaps ?? []).map((gap) => [gap[0], gap[1]]));
    rows.forEach((row) => {
      const at = Number(row.dataset.at);
      row.dataset.status = id === PORTFOLIO ? whole.get(row) : gaps.get(at) ?? "";
      if (id === PORTFOLIO || gaps.has(at)) delete row.dataset.outside;
      else row.dataset.outside = "";
    });
    paint();
    refilter();
  };
  const statuses = ["add", "strengthen", "review", "covered", "watch"];
  const options = [["", say("status_any")], ["add strengthen review", say("status_suggested")],
    ...statuses.map((s) => [s, say(`status_${s}`)])];
  filterBar(section, [
    { attribute: "status", label: say("status"), options, start: "add strengthen review" },
    { attribute: "transition", label: say("transition"), options: chosen("transition", ["green", "digital"]) },
    trends,
  ], about, [field(say("target"), aim)]);
}
