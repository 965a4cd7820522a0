"""The words of the synthetic postings: tables, mentions of skills, sections and layout."""
import csv
import html
import re
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
FORMS = {"literal": 0.26, "alias": 0.165, "paraphrase": 0.29, "inflected": 0.21, "misspelt": 0.075}
AND = {"en": " and ", "es": " y ", "ca": " i ", "ar": " و"}
NO_EMPLOYER = {"en": "our company", "es": "nuestra empresa", "ca": "la nostra empresa", "ar": "مؤسستنا"}
ENGLISH_VERBS = set("""
    adapt administer analyse analyze assess build communicate comply conduct create design drive find
    install keep lay lead make manage meet motivate negotiate operate organise prepare prevent
    prioritise program promote provide recruit reduce repair resolve sell serve solve start teach think
    train translate troubleshoot use visualise work write""".split())
NOT_VERBS = {"aire", "olivar", "power"}  # words of labels that only look like infinitives


# --- tables ---------------------------------------------------------------

def table(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def text_table(name):
    return table(HERE / "texts" / f"{name}.csv")


def pick(rng, weights):
    """Draw a key of a dictionary of weights."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


class Tables:
    """Everything read from `texts/` and the taxonomy, ready for drawing."""

    def __init__(self, label_files):
        self.skills = {r["skill"]: r for r in text_table("skills")}
        self.occupations = {r["occupation"]: r for r in text_table("occupations")}
        for row in self.occupations.values():
            pairs = (pair.split(":") for pair in row["skills"].split())
            row["profile"] = {skill: float(p) for skill, p in pairs}
        self.titles = defaultdict(list)
        for r in text_table("titles"):
            self.titles[r["occupation"], r["lang"]].append(r)
        self.frames = defaultdict(list)
        for r in text_table("frames"):
            self.frames[r["lang"], r["slot"]].append(r["text"])
        self.headings = defaultdict(list)
        for r in text_table("headings"):
            self.headings[r["lang"], r["slot"]].append(r["text"])
        self.title_styles = defaultdict(dict)
        for r in text_table("title_styles"):
            self.title_styles[r["lang"]][r["text"]] = float(r["weight"])
        self.places = defaultdict(list)
        for r in text_table("places"):
            self.places[r["area"]].append(r)
        self.blocks = defaultdict(list)
        for lang in AND:
            for r in text_table(f"blocks_{lang}"):
                self.blocks[lang, r["slot"], r["sector"]].append(r)
        self.load_labels(label_files)
        self.load_phrases()

    def load_labels(self, files):
        self.labels = defaultdict(list)
        rows = [r for f in files for r in table(f) if r["id"] in self.skills]
        order = {"preferred": 0, "alternative": 1}
        for r in sorted(rows, key=lambda r: (r["id"], r["lang"], order.get(r["kind"], 2), r["label"])):
            form = "literal" if r["kind"] == "preferred" else "alias"
            self.labels[r["id"], r["lang"], form].append(r["label"])

    def load_phrases(self):
        """A phrase that holds a label of its skill counts as that label, not as a paraphrase."""
        self.phrases = defaultdict(list)
        for lang in AND:
            for r in text_table(f"phrases_{lang}"):
                skill, form = r["skill"], r["form"]
                for label_form in ("literal", "alias"):
                    if any(holds(r["text"], label) for label in self.labels[skill, lang, label_form]):
                        form = label_form
                        break
                self.phrases[skill, lang, form].append((r["text"], r["also"].split()))


def holds(text, label):
    return re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text, re.IGNORECASE) is not None


def is_verb(label, lang):
    """Whether a label is a verb phrase, to put it into a fitting sentence."""
    first = label.split()[0].lower()
    if lang == "en":
        return first in ENGLISH_VERBS and " " in label
    if lang in ("es", "ca"):
        ending = r"\w*([aei]r|ar-se|ir-se)" if lang == "es" else r"\w+([aei]r|re|r-se)"
        return first not in NOT_VERBS and re.fullmatch(ending, first) is not None
    return False


# --- how a skill is said ------------------------------------------------------

def misspell(rng, label):
    """One typing error inside a word of at least six letters, or None."""
    words = [m for m in re.finditer(r"[^\W\d_]{6,}", label)]
    for _ in range(5 if words else 0):
        m = rng.choice(words)
        i = rng.randrange(m.start() + 1, m.end() - 2)
        kind = rng.choice(["swap", "drop", "double"])
        if kind == "swap":
            wrong = label[:i] + label[i + 1] + label[i] + label[i + 2:]
        else:
            wrong = label[:i] + (label[i] * 2 if kind == "double" else "") + label[i + 1:]
        if wrong != label:
            return wrong
    return None


def say(rng, tables, skill, lang):
    """One mention: its form, its text, whether it is a verb phrase, and other skills said by the way."""
    wanted = pick(rng, FORMS)
    fallback = {"literal": ["literal", "alias"], "alias": ["alias", "literal"], "misspelt": ["misspelt", "literal"],
                "paraphrase": ["paraphrase", "inflected", "alias", "literal"],
                "inflected": ["inflected", "paraphrase", "literal"]}[wanted]
    for form in fallback:
        labels = tables.labels[skill, lang, form]
        if form == "misspelt":
            label = rng.choice(tables.labels[skill, lang, "literal"] + tables.labels[skill, lang, "alias"] or [""])
            wrong = misspell(rng, label)
            if wrong:
                return {"skill": skill, "form": form, "text": wrong, "verb": is_verb(label, lang), "also": []}
            continue
        choices = [(text, also, True) for text, also in tables.phrases[skill, lang, form]]
        choices += [(label, [], is_verb(label, lang)) for label in labels]
        if choices:
            text, also, verb = rng.choice(choices)
            return {"skill": skill, "form": form, "text": text, "verb": verb, "also": also}
    return None


def capital(text):
    return text[:1].upper() + text[1:]


def fill(frame, text, lang):
    if lang == "ca" and re.match(r"[aeiouhàèéíòóú]", text, re.IGNORECASE):
        frame = frame.replace(" de {x}", " d'{x}")
    if lang == "ar" and "ب{x}" in frame and re.match("[A-Za-z]", text):
        frame = frame.replace("ب{x}", "بـ {x}")
    return frame.replace("{x}", text).replace("{X}", capital(text))


def join(parts, lang):
    if len(parts) == 1:
        return parts[0]
    word = " e " if lang == "es" and re.match(r"h?i[^aeo]", parts[-1], re.IGNORECASE) else AND[lang]
    return ("، " if lang == "ar" else ", ").join(parts[:-1]) + word + parts[-1]


def word_sections(rng, tables, mentions, s):
    """Turn mentions into lines of the task and of the requirement section."""
    lang, tasks, lines, plain = s["lang"], [], [], []
    for m in mentions:
        soft = tables.skills[m["skill"]]["type"] == "soft"
        if m["verb"] and rng.random() < (0.35 if soft else 0.85):
            tasks.append(m["text"])
        elif m["verb"]:
            able, *willing = tables.frames[lang, "verb"]
            skill_type = tables.skills[m["skill"]]["type"]
            frame = able if skill_type == "language" else rng.choice([able, *willing])
            lines.append(fill(frame, m["text"], lang))
        elif m["form"] in ("alias", "misspelt") or rng.random() < 0.35:
            plain.append(m["text"])
        else:
            kind = tables.skills[m["skill"]]["type"]
            lines.append(fill(rng.choice(tables.frames[lang, kind]), m["text"], lang))
    if len(plain) > 1 and rng.random() < 0.6:
        lines.append(fill(rng.choice(tables.frames[lang, "list"]), join(plain, lang), lang))
    else:
        lines += [capital(text) for text in plain]
    if s["prose"]:
        pairs = [tasks[i:i + 2] for i in range(0, len(tasks), 2)]
        slots = ["task"] + ["task2"] * len(pairs)
        tasks = [fill(rng.choice(tables.frames[lang, slot]), join(pair, lang), lang)
                 for slot, pair in zip(slots, pairs)]
    return [capital(t) for t in tasks], lines


# --- the text around it ---------------------------------------------------------

def surroundings(rng, s, title):
    """Values for the placeholders of the boilerplate."""
    number = rng.randrange(1000)
    phone = f"+34 600 000 {number:03d}" if s["area"] == "Catalonia" else f"+970 59 900 {number * 7 % 10000:04d}"
    pay = rng.randrange(14, 34) * 100 if s["area"] == "Catalonia" else rng.randrange(22, 65) * 100
    unit = {"ar": "شيكل"}.get(s["lang"], "€" if s["area"] == "Catalonia" else "NIS")
    name = NO_EMPLOYER[s["lang"]] if s["hidden"] or s["unnamed"] else s["employer"]["name"]
    return {"employer": name, "place": s["place"], "title": title, "mail": f"jobs{number}@example.org",
            "phone": phone, "pay": f"{pay} {unit}", "ref": f"{rng.randrange(10 ** 5):05d}"}


def block(rng, tables, s, slot, values):
    """One piece of boilerplate and, if it is a trap, its kind and wording."""
    rows = tables.blocks[s["lang"], slot, ""]
    if slot == "about" and rng.random() < 0.4:
        rows = tables.blocks[s["lang"], slot, s["employer"]["sector"]]
    if rng.random() < 0.4:
        rows = [r for r in rows if not r["kind"]] or rows
    row = rng.choice(rows)
    text = capital(row["text"].format(**values))
    if s["lang"] == "ca":
        text = re.sub(r"\bde (?=[aeiouh])", "d'", text, flags=re.IGNORECASE)
    trap = [(row["kind"], " … ".join(re.findall(r"\[(.*?)\]", text)))] if row["kind"] else []
    return {"slot": slot, "text": re.sub(r"[\[\]]", "", text), "traps": trap}


def count_words(sections):
    return sum(len(line.split()) for _, lines in sections for line in lines)


def build_sections(rng, tables, s, title, mentions):
    """Sections (slot, lines) of 60 to 130 words, and the traps in them."""
    values = surroundings(rng, s, title)
    tasks, lines = word_sections(rng, tables, mentions, s)
    if rng.random() < 0.5:
        lines.append(block(rng, tables, s, "degree", values)["text"].rstrip("."))
    parts = {"intro": [block(rng, tables, s, "intro", values)], "apply": [block(rng, tables, s, "apply", values)]}
    wanted = rng.randrange(66, 118)
    core = count_words([("", tasks + lines + [parts["intro"][0]["text"], parts["apply"][0]["text"]])])
    for slot in rng.sample(["about", "offer", "offer", "about", "diversity", "salary", "offer"], 7):
        if core >= wanted:
            break
        piece = block(rng, tables, s, slot, values)
        present = parts.get(slot, [])
        contradicts = slot == "offer" and not piece["traps"] and any(not p["traps"] for p in present)
        if piece["text"] not in [p["text"] for p in present] and not contradicts:
            parts.setdefault(slot, []).append(piece)
            core += len(piece["text"].split())
    order = [("intro", "about") if rng.random() < 0.6 else ("about", "intro"), ("task", "req"),
             ("offer", "salary", "diversity", "near", "apply")]
    sections, traps = [], []
    for slot in [slot for group in order for slot in group]:
        own = {"task": tasks, "req": lines}.get(slot) or [p["text"] for p in parts.get(slot, [])]
        traps += [t for p in parts.get(slot, []) for t in p["traps"]]
        if own:
            sections.append((slot, own))
    return sections, traps, values


def render(rng, tables, sections, s):
    """Lay the sections out in the format of the posting."""
    form, lang = s["format"], s["lang"]
    headed = rng.random() < (0.25 if form == "running" else 0.75)
    bullet = "• " if form == "dot" else "- "
    out = []
    for slot, lines in sections:
        choices = tables.headings[lang, slot]
        heading = rng.choice(choices) if headed and choices else None
        listed = slot == "req" or slot == "task" and not s["prose"] or slot == "offer" and len(lines) > 1
        if form == "running":
            text = " ".join(ended(line) for line in lines)
            out.append(f"{heading}: {text}" if heading else text)
        elif form in ("html", "escaped"):
            out += [f"<p><strong>{html.escape(heading, False)}</strong></p>"] if heading else []
            safe = [html.escape(line if listed else ended(line), False) for line in lines]
            out.append("<ul>" + "".join(f"<li>{x}</li>" for x in safe) + "</ul>" if listed
                       else f"<p>{' '.join(safe)}</p>")
        else:
            out += [heading + ":"] if heading else []
            out += [bullet + line for line in lines] if listed else [" ".join(ended(line) for line in lines)]
    text = {"running": " ", "html": "", "escaped": "", "br": "<br>"}.get(form, "\n").join(out)
    return html.escape(text, False) if form == "escaped" else text


def ended(line):
    return line if line[-1] in ".?!؟" else line + "."
