#!/usr/bin/env python3
"""Write the synthetic demo postings and the truth that was planted in them.

    python3 data/samples/generate.py            # from the root of the project

Nothing here comes from a real posting: boards, employers, texts, addresses and
telephone numbers are made up. The same tables always give the same bytes.
`wording.py` holds the words, `texts/` the tables; skill labels come from `../reference/skill_labels.csv`.
"""
import argparse
import csv
import gzip
import io
import json
import random
import re
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

sys.dont_write_bytecode = True  # leave no cache among the data
from wording import Tables, build_sections, pick, render, say, text_table

HERE = Path(__file__).resolve().parent
SEED = 20260630
POSTINGS = 8000
EXACT_SHARE, NEAR_SHARE = 0.06, 0.04
LAST_DAY = date(2026, 6, 30)
QUARTERS = [f"{year}-Q{q}" for year, q in
            [(2024, 3), (2024, 4), (2025, 1), (2025, 2), (2025, 3), (2025, 4), (2026, 1), (2026, 2)]]
QUARTER_WEIGHTS = [0.95, 1.0, 1.05, 1.0, 0.95, 1.0, 1.05, 1.0]
AREAS = {"Catalonia": 0.6, "Palestine": 0.4}
# By area; in Palestine the employers with an Arabic name write more in Arabic.
LANGUAGES = {"Catalonia": {"ca": 0.45, "es": 0.45, "en": 0.10}, "Palestine": {"ar": 0.4, "en": 0.6},
             "Palestine, Arabic name": {"ar": 0.8, "en": 0.2}}
EMPLOYERS = {"Catalonia": 240, "Palestine": 160}
# Weight in each area and, after that, how much more often a sector is found there.
BOARDS = {
    "synthetic-board-a": (5.0, 1.2, {}),
    "synthetic-board-b": (3.0, 0.0, {"hospitality": 2.0, "logistics": 2.0, "retail": 1.8}),
    "synthetic-board-c": (1.0, 0.9, {"it": 5.0, "office": 2.0}),
    "synthetic-board-d": (0.2, 4.0, {"ngo": 2.5, "education": 1.5}),
    "synthetic-board-e": (0.7, 0.5, {"health": 3.0, "construction": 3.0, "agriculture": 2.0}),
}
FORMATS = {"html": 0.26, "escaped": 0.10, "br": 0.14, "dash": 0.18, "dot": 0.14, "running": 0.18}
SIGNATURE_SKILLS = ["teamwork", "english-language", "data-protection", "quality-management", "spreadsheets",
                    "occupational-health-and-safety", "time-management", "driving-licence",
                    "customer-service", "first-aid", "adaptability", "intercultural-communication"]
# Sectors of the twelve largest employers of each area.
BIG_SECTORS = {"health", "retail", "construction", "education", "logistics", "it", "ngo"}


# --- employers --------------------------------------------------------------

def is_arabic(text):
    return re.search("[ء-ي]", text) is not None


def make_employers(rng, areas):
    """Fictitious employers with Zipf-like sizes; some always ask for certain skills."""
    stems = {r["script"]: r["stems"].split("|") for r in text_table("employer_stems")}
    names = defaultdict(list)
    for r in text_table("employer_names"):
        script = "ca" if r["area"] == "Catalonia" else "ar" if is_arabic(r["text"]) else "en"
        names[r["area"]] += [(r["text"].format(s=stem), r["sector"]) for stem in stems[script]]
    employers = defaultdict(list)
    for area in areas:
        largest = rng.sample([n for n in names[area] if n[1] in BIG_SECTORS], 12)
        others = rng.sample([n for n in names[area] if n not in largest], EMPLOYERS[area] - 12)
        for rank, (name, sector) in enumerate(largest + others):
            signature = rng.sample(SIGNATURE_SKILLS, rng.choice([1, 1, 2])) if rng.random() < 0.25 else []
            employers[area].append({"name": name, "sector": sector, "area": area, "signature": sorted(signature),
                                    "weight": 1 / (rank + (1.8 if area == "Catalonia" else 2.5))})
    return employers


# --- what a posting asks for -----------------------------------------------

def trend(growth, quarter):
    """Linear factor whose mean over the last four quarters is `growth` times that of the first four."""
    slope = (growth - 1) / (2 * (growth + 1))
    return 1 + slope * (quarter - 3.5)


def draw_setting(rng, tables, employers):
    """Area, quarter, employer, occupation, language, place, board and date of one posting."""
    area = pick(rng, AREAS)
    quarter = rng.choices(range(8), weights=QUARTER_WEIGHTS)[0]
    employer = rng.choices(employers[area], weights=[e["weight"] for e in employers[area]])[0]
    weights = {}
    for name, occ in tables.occupations.items():
        near = 8.0 if occ["sector"] == employer["sector"] else 0.6 if occ["sector"] == "office" else 0.3
        weights[name] = float(occ[area.lower()]) * trend(float(occ["growth"]), quarter) * near
    occupation = pick(rng, weights)
    sector = tables.occupations[occupation]["sector"]
    column = 0 if area == "Catalonia" else 1
    board = pick(rng, {b: row[column] * row[2].get(sector, 1.0) for b, row in BOARDS.items()})
    arabic = is_arabic(employer["name"])
    lang = pick(rng, LANGUAGES[area + ", Arabic name" if arabic else area])
    place = rng.choices(tables.places[area], weights=[float(p["weight"]) for p in tables.places[area]])[0]
    year, q = int(QUARTERS[quarter][:4]), int(QUARTERS[quarter][-1])
    start = date(year, 3 * q - 2, 1)
    end = date(year + (q == 4), 3 * q % 12 + 1, 1)
    posted = start + timedelta(days=rng.randrange((end - start).days))
    return {"area": area, "quarter": quarter, "employer": employer, "occupation": occupation, "sector": sector,
            "board": board, "lang": lang, "posted": posted, "hidden": rng.random() < 0.07,
            "unnamed": arabic and lang == "en",
            "place": place["name_ar"] if lang == "ar" else place["name"], "province": place["province"]}


def probabilities(tables, s, title_skills):
    """The planted probability of every skill for one setting."""
    profile = tables.occupations[s["occupation"]]["profile"]
    result = {}
    for skill, row in tables.skills.items():
        here = float(row[s["area"].lower()])
        core = profile.get(skill, 0.0)
        growth = trend(float(row["growth"]), s["quarter"])
        p = 1 - (1 - min(0.97, core * (1.0 if core >= 0.8 else here * growth))) * (
            1 - min(0.9, float(row["generic"]) * here * growth))
        if here == 0:
            p = 0.0
        elif skill in s["employer"]["signature"]:
            p = 1 - (1 - p) * 0.2
        if skill in title_skills:
            p = 1.0
        if p > 0:
            result[skill] = min(1.0, p)
    return result


# --- postings -------------------------------------------------------------------

def make_posting(rng, tables, employers):
    s = draw_setting(rng, tables, employers)
    s["format"] = pick(rng, FORMATS)
    s["prose"] = s["format"] == "running" or rng.random() < 0.2
    title_row = rng.choice(tables.titles[s["occupation"], s["lang"]])
    title_skills = title_row["skill"].split()
    chances = probabilities(tables, s, title_skills)
    asked = [skill for skill, p in chances.items() if rng.random() < p]
    mentions = [m for m in (say(rng, tables, skill, s["lang"]) for skill in asked
                            if skill not in title_skills or rng.random() < 0.6) if m]
    rng.shuffle(mentions)
    sections, traps, values = build_sections(rng, tables, s, title_row["title"], mentions)
    planted = [(skill, "alias", title_row["title"]) for skill in title_skills]
    planted += [(m["skill"], m["form"], m["text"]) for m in mentions]
    said = {skill for skill, _, _ in planted}
    planted += sorted({(skill, "alias", m["text"]) for m in mentions for skill in m["also"] if skill not in said})
    style = pick(rng, tables.title_styles[s["lang"]])
    return {"s": s, "title": style.format(t=title_row["title"], place=s["place"]), "sections": sections,
            "description": render(rng, tables, sections, s), "planted": planted, "traps": traps,
            "chances": chances, "values": values, "board": s["board"], "posted": s["posted"],
            "place": styled_place(rng, s), "open_days": rng.randrange(14, 46) if rng.random() < 0.55 else None,
            "original": None, "copy": ""}


def styled_place(rng, s):
    country = {"ca": "Catalunya", "es": "Cataluña", "en": "Catalonia"} if s["area"] == "Catalonia" else {
        "ar": "فلسطين", "en": "Palestine"}
    kind = rng.random()
    if kind < 0.6 or kind >= 0.8 and s["place"] == s["province"]:
        return s["place"]
    if kind < 0.8 or s["lang"] == "ar":
        return s["place"] + ("، " if s["lang"] == "ar" else ", ") + country[s["lang"]]
    return f"{s['place']} ({s['province']})"


def copy_posting(rng, tables, original, kind):
    """A later posting that repeats an earlier one, wholly or nearly."""
    p = dict(original, original=original, copy=kind)
    if kind != "repost":
        p["board"] = rng.choice([b for b in BOARDS if b != original["board"]])
    p["posted"] = original["posted"] + timedelta(days=rng.randrange(14, 61) if kind == "repost" else rng.randrange(4))
    if kind == "near":
        rows = tables.blocks[original["s"]["lang"], "near", ""]
        extra = rng.choice(rows)["text"].format(**p["values"])
        separator = {"html": "<p>{}</p>", "escaped": "&lt;p&gt;{}&lt;/p&gt;", "br": "<br>{}", "running": " {}"}
        p["description"] += separator.get(original["s"]["format"], "\n{}").format(extra)
        if rng.random() < 0.5:
            style = pick(rng, tables.title_styles[p["s"]["lang"]])
            p["title"] = style.format(t=p["values"]["title"], place=p["s"]["place"])
    return p


def make_all(tables):
    rng = random.Random(SEED)
    employers = make_employers(rng, AREAS)
    exact, near = round(POSTINGS * EXACT_SHARE), round(POSTINGS * NEAR_SHARE)
    originals = [make_posting(rng, tables, employers) for _ in range(POSTINGS - exact - near)]
    early = [p for p in originals if p["posted"] <= LAST_DAY - timedelta(days=61)]
    kinds = ["exact"] * (exact // 2) + ["repost"] * (exact - exact // 2) + ["near"] * near
    copies = [copy_posting(rng, tables, p, kind) for p, kind in zip(rng.sample(early, len(kinds)), kinds)]
    everything = sorted(enumerate(originals + copies), key=lambda pair: (pair[1]["posted"], pair[0]))
    for number, (_, posting) in enumerate(everything, 1):
        posting["id"] = f"syn-{number:05d}"
    return [posting for _, posting in everything], employers


def record(p):
    """The public fields of a posting, as a board would give them."""
    row = {"id": p["id"], "board": p["board"], "url": f"https://example.org/{p['board']}/{p['id']}",
           "title": p["title"], "description": p["description"],
           "employer": None if p["s"]["hidden"] else p["s"]["employer"]["name"], "place": p["place"],
           "posted_on": p["posted"].isoformat()}
    if p["open_days"]:
        row["closes_on"] = (p["posted"] + timedelta(days=p["open_days"])).isoformat()
    return row


# --- truth ------------------------------------------------------------------------

def quarter_of(day):
    return f"{day.year}-Q{(day.month + 2) // 3}"


def cells(p):
    """The rows of the shares table a posting counts in; a copy counts when it was posted itself."""
    area, quarter, lang = p["s"]["area"], quarter_of(p["posted"]), p["s"]["lang"]
    return [("all", a, q) for a in ("all", area) for q in ("all", quarter)] + [(lang, area, "all")]


def share_rows(postings):
    """Planted probability (mean over distinct postings) beside what was really drawn."""
    expected, unique, everything = defaultdict(float), Counter(), Counter()
    distinct, total = Counter(), Counter()
    for p in postings:
        skills = {skill for skill, _, _ in p["planted"]}
        for cell in cells(p):
            total[cell] += 1
            everything.update((cell, skill) for skill in skills)
            if p["original"] is None:
                distinct[cell] += 1
                unique.update((cell, skill) for skill in skills)
                for skill, chance in p["chances"].items():
                    expected[cell, skill] += chance
    for cell, skill in sorted(set(expected) | set(everything)):
        n = distinct[cell]
        yield [skill, *cell, f"{expected[cell, skill] / n:.5f}", n, unique[cell, skill],
               total[cell], everything[cell, skill]]


def growth_rows(tables, postings):
    """Share in the last four quarters over share in the first four: wanted, planted and drawn."""
    planted, drawn, n = defaultdict(lambda: [0.0, 0.0]), defaultdict(lambda: [0, 0]), [0, 0]
    for p in postings:
        if p["original"] is None:
            half = int(p["s"]["quarter"] >= 4)
            n[half] += 1
            for skill, chance in p["chances"].items():
                planted[skill][half] += chance
            for skill in {skill for skill, _, _ in p["planted"]}:
                drawn[skill][half] += 1
    for skill, row in sorted(tables.skills.items()):
        factor = float(row["growth"])
        kind = "growing" if factor > 1 else "declining" if factor < 1 else "stable"
        ratios = [f"{(x[skill][1] / n[1]) / (x[skill][0] / n[0]):.3f}" if x[skill][0] else "" for x in (planted, drawn)]
        yield [skill, kind, *ratios, *drawn[skill], *n]


def csv_bytes(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def write_all(tables, postings, employers, target):
    truth = target / "truth"
    lines = (json.dumps(record(p), ensure_ascii=False) + "\n" for p in postings)
    write(target / "postings.jsonl.gz", "".join(lines).encode("utf-8"))
    write(truth / "mentions.csv.gz", csv_bytes(
        ["id", "skill", "form", "text"], ([p["id"], *m] for p in postings for m in p["planted"])))
    write(truth / "shares.csv", csv_bytes(
        ["skill", "lang_or_all", "area", "period", "planted_probability", "distinct_postings",
         "distinct_with_skill", "postings", "postings_with_skill"], share_rows(postings)))
    write(truth / "growth.csv", csv_bytes(
        ["skill", "trend", "planted_growth", "realised_growth", "first_year_with_skill", "last_year_with_skill",
         "first_year_postings", "last_year_postings"], growth_rows(tables, postings)))
    write(truth / "duplicates.csv", csv_bytes(
        ["id", "original_id", "type"], ([p["id"], p["original"]["id"], p["copy"]] for p in postings if p["original"])))
    write(truth / "traps.csv", csv_bytes(
        ["id", "kind", "text"], ([p["id"], *trap] for p in postings for trap in p["traps"])))
    write(truth / "occupations.csv", csv_bytes(
        ["id", "occupation", "lang", "area", "format"],
        ([p["id"], p["s"]["occupation"], p["s"]["lang"], p["s"]["area"], p["s"]["format"]] for p in postings)))
    write(truth / "employers.csv", csv_bytes(
        ["employer", "area", "sector", "always_asks_for"],
        ([e["name"], area, e["sector"], " ".join(e["signature"])] for area in AREAS for e in employers[area])))


def main():
    parser = argparse.ArgumentParser(description="Write the synthetic demo postings and their truth.")
    parser.add_argument("--labels", nargs="+", default=[HERE.parent / "reference" / "skill_labels.csv"])
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    tables = Tables(options.labels)
    postings, employers = make_all(tables)
    write_all(tables, postings, employers, options.out)
    forms = Counter(form for p in postings for _, form, _ in p["planted"])
    total = sum(forms.values())
    print(len(postings), "postings,", total, "mentions:",
          ", ".join(f"{form} {count / total:.1%}" for form, count in sorted(forms.items())))


if __name__ == "__main__":
    main()
