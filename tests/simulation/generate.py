#!/usr/bin/env python3
"""Draws postings from a world whose truth is known.

    generate.py --replications N --seed S --out DIR [--scenarios shares,growth:12,corrected] [--small] [--harsh]

The world (a super-population; nothing in it depends on --seed)
---------------------------------------------------------------
EMPLOYERS are the sampling unit. Each replication draws new ones. An employer has
  * a sector (health, retail, industry, services, public), which sets the expected mix of ISCO-08 major groups 1-9 and
    of languages; its own mix of groups is Dirichlet around that of the sector;
  * an expected number of postings in the window, `size`: Pareto (tail index 1.25) from a floor that differs by sector,
    capped at 45, so a few employers have tens of postings and many have one to three;
  * a volume shock per half (Gamma, mean 1), so employers do not post evenly;
  * a propensity for every skill, see below.
Postings per quarter are Poisson; the later half has 15 % more of them, for every employer alike. Employers drawn that
happen to post nothing are not seen.

SKILLS. `mean[s, g, k, l, h]` is the chance that a posting asks for skill s: group g, size class k of its employer
(small or large), language l, half h. An employer's own chance is Beta with that mean and intra-employer correlation
`rho[s]`: its place u in that distribution is the same for all its groups, and kept from the earlier to the later half
four times in five. Places of skills of one family are correlated (an employer that wants one digital skill wants
others), and so are the asks within a posting (long texts ask for more). None of that moves a mean.
    The Beta is cut into K bins of equal probability; an employer in bin j has the conditional mean of bin j. So the mean
over employers is `mean` exactly, and every truth below is a finite sum, not a simulation.

BOARDS. A mostly lists managers and professionals, B mostly service, crafts and elementary jobs, C is mixed. An employer
sticks to a board half of the time. One posting in eight is also on a second board; one in a hundred comes as a second
row with the same id (the consumer has to count it once).

NAMES. About 10 % of the postings name no employer: a quarter of them at random, the others because some small employers
never do.

HARSH (`--harsh`) is the same world with a heavier tail (cap 60, wilder volume) and half of the missing names at random,
large employers included. Then a posting without a name hides a part of its employer's cluster, which no estimator sees.

EXTRACTION (scenario `corrected` only; elsewhere what is asked is what is recorded). A true ask is found with recall R,
a posting that does not ask is recorded with a false-positive rate set so that the precision of the records is P. R and P
belong to an error class and a language, and hold in every group, size class and half. Reviewers judge a simple random
sample of the replication's records (precision) and of its true asks (recall).

Truth
-----
With W[g, k, l] = expected postings of employers of that kind (exact: truncated Pareto moments),
  share                     sum W mean / sum W         (ratio of expectations over employers, size effects included)
  weighted_share            sum_g E_g share(s | g) / sum_g E_g, E = employed persons, over groups that have postings
  corrected_share           share before extraction errors; corrected_weighted_share likewise
  recorded_share            share R / P per language, summed: what an uncorrected estimator converges to
  growth                    ln(share in the later half / share in the earlier half)
"""

import argparse
import csv
import gzip
import io
import pathlib

import numpy as np
from scipy.special import betainc, betaincinv, logit, expit, ndtr

SCENARIOS = ("shares", "growth", "corrected")
PERIODS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
BINS = 512
GROUPS = np.arange(1, 10)
LANGUAGES = ("en", "ar")
BOARDS = ("A", "B", "C")

# --- employers -------------------------------------------------------------------------------------------------------
TAIL, CAP, LARGE = 1.25, 45.0, 10.0
#            chance, floor of size, share of Arabic postings, expected mix of groups 1..9 in per cent
SECTORS = (
    (0.16, 2.4, 0.30, (5, 55, 17, 6, 9, 0.5, 2, 1.5, 4)),  # health and care
    (0.26, 1.9, 0.45, (7, 15, 13, 14, 33, 2, 4, 5, 7)),  # retail, hotels
    (0.22, 2.0, 0.35, (6, 23, 19, 7, 6, 5, 19, 10, 5)),  # industry, farms
    (0.26, 1.8, 0.20, (9, 51, 21, 9, 5, 0.5, 2, 1, 1.5)),  # business services
    (0.10, 2.6, 0.50, (5, 47, 17, 16, 8, 1.5, 2, 1.5, 2)),  # public
)
CONCENTRATION = 8.0  # of the Dirichlet mix of groups around the sector's
LANGUAGE_MIXED = 0.5  # employers that post in both languages; the others in one
SHOCK_SHAPE = 8.0  # of the Gamma volume shock
LATER_VOLUME = 1.15
KEEPS_PLACE = 0.8
FAMILY_LOADING, VERBOSITY_LOADING = 0.5, 0.4
FAMILIES = 5

# --- boards, names ---------------------------------------------------------------------------------------------------
BOARD_MIX = np.array([  # P(A, B, C | group 1..9)
    (0.70, 0.05, 0.25), (0.72, 0.04, 0.24), (0.50, 0.15, 0.35), (0.30, 0.25, 0.45), (0.08, 0.60, 0.32),
    (0.05, 0.55, 0.40), (0.07, 0.65, 0.28), (0.08, 0.57, 0.35), (0.03, 0.70, 0.27)])
STICKS_TO_BOARD, SECOND_BOARD, SECOND_ROW = 0.5, 0.125, 0.01
NAMELESS_POSTING, NAMELESS_SMALL_EMPLOYER, NAMELESS_BELOW = 0.025, 0.21, 6.0
HARSH = dict(CAP=60.0, SHOCK_SHAPE=4.0, NAMELESS_POSTING=0.05, NAMELESS_SMALL_EMPLOYER=0.15)

# --- official employment, thousands (group 0 has no postings) ----------------------------------------------------------
EMPLOYMENT = {0: 12.4, 1: 96.1, 2: 412.7, 3: 268.3, 4: 221.9, 5: 498.6, 6: 88.2, 7: 261.5, 8: 158.8, 9: 281.0}

# --- extraction: (precision, recall) -------------------------------------------------------------------------------------
RATES = {("plain", "en"): (0.95, 0.90), ("plain", "ar"): (0.92, 0.80), ("ambiguous", "en"): (0.78, 0.75),
         ("ambiguous", "ar"): (0.70, 0.62), ("acronym", "en"): (0.85, 0.88), ("acronym", "ar"): (0.80, 0.70)}
REVIEWED, REVIEWED_TOO_FEW = 400, {("acronym", "ar"): 12}


class Skill:
    """A skill: `base` chance to be asked for, `rho` within employers. With `group`, `base` holds there and `other`
    elsewhere. `large` and `arabic` shift the logit for large employers and Arabic texts; `ratio` is the growth."""

    def __init__(self, code, base, rho, group=None, other=None, large=0.0, arabic=0.0, ratio=1.0, kind="plain", note=""):
        self.code, self.base, self.rho, self.group, self.other = code, base, rho, group, other
        self.large, self.arabic, self.ratio, self.kind, self.note = large, arabic, ratio, kind, note


def skills_of(scenario):
    if scenario == "shares":
        common = [(0.55, 0.05), (0.45, 0.10, 0.6), (0.35, 0.20), (0.30, 0.30)]
        middle = [(0.20, 0.05), (0.18, 0.10), (0.15, 0.15), (0.12, 0.02), (0.10, 0.10, -0.6), (0.10, 0.30), (0.08, 0.05),
                  (0.07, 0.20), (0.05, 0.10)]
        rows = [dict(base=r[0], rho=r[1], large=r[2] if len(r) > 2 else 0.0, note=note)
                for note, rs in (("common", common), ("middle", middle)) for r in rs]
        rows += [dict(base=b, rho=rho, group=g, other=o, large=big, note="one_group") for g, b, o, rho, big in
                 [(2, .40, .02, .10, 0), (5, .35, .02, .10, .4), (7, .45, .01, .15, 0), (9, .30, .02, .05, 0),
                  (1, .40, .03, .10, 0), (8, .35, .01, .05, 0)]]
        rows += [dict(base=b, rho=rho, note="rare") for b, rho in [(0.020, 0.02), (0.015, 0.05), (0.011, 0.02)]]
        rows += [dict(base=0.0, rho=0.1, note="nobody")] * 2 + [dict(base=1.0, rho=0.1, note="everybody")]
        return [Skill(f"s{i:02}", **row) for i, row in enumerate(rows, 1)]
    if scenario == "growth":
        bases = (0.02, 0.03, 0.04, 0.06, 0.08, 0.10, 0.12, 0.15, 0.20, 0.25, 0.30, 0.40)
        rhos = (0.02, 0.05, 0.10, 0.20, 0.30)
        rows = [dict(base=bases[i % 12], rho=min(rhos[i % 5], 0.15 if bases[i % 12] <= 0.03 else 1.0), note="unchanged")
                for i in range(62)]
        moving = [(1.3, (.06, .12, .20, .30)), (1.6, (.04, .08, .15, .25)), (2.0, (.03, .06, .10, .20)),
                  (3.0, (.02, .04, .08)), (1 / 1.3, (.12, .20)), (0.6, (.08, .15, .25)), (0.4, (.06, .12))]
        moving = [(ratio, base) for ratio, bs in moving for base in bs]
        rows += [dict(base=b, rho=rhos[i % 4], ratio=r, note="growing" if r > 1 else "declining")
                 for i, (r, b) in enumerate(moving)]
        return [Skill(f"g{i:02}", **row) for i, row in enumerate(rows, 1)]
    rows = [("plain", .50, .10, .3), ("plain", .30, .20, 0), ("plain", .20, .05, -.4), ("plain", .12, .10, 0),
            ("plain", .10, .30, .3), ("plain", .06, .05, 0), ("plain", .03, .02, 0), ("plain", .015, .02, 0),
            ("ambiguous", .40, .10, -.3), ("ambiguous", .25, .20, 0), ("ambiguous", .15, .05, .4),
            ("ambiguous", .10, .10, 0), ("ambiguous", .06, .05, 0), ("ambiguous", .03, .02, 0),
            ("acronym", .20, .10, 0), ("acronym", .08, .05, 0)]
    found = [Skill(f"c{i:02}", base=b, rho=rho, arabic=ar, kind=kind, note=kind)
             for i, (kind, b, rho, ar) in enumerate(rows, 1)]
    for kind, group in (("plain", 2), ("ambiguous", 5)):
        found.append(Skill(f"c{len(found) + 1:02}", 0.35, 0.10, group, 0.02, kind=kind, note=kind))
    return found


def pareto_mass(floor):
    """E[min(X, CAP); X < LARGE] and E[min(X, CAP); X >= LARGE] for X Pareto from `floor`."""
    upto = lambda x: TAIL * floor**TAIL / (1 - TAIL) * (x ** (1 - TAIL) - floor ** (1 - TAIL))
    return np.array([upto(LARGE), upto(CAP) - upto(LARGE) + CAP * (floor / CAP) ** TAIL])


class World:
    """The super-population of one scenario."""

    def __init__(self, scenario):
        self.scenario, self.skills = scenario, skills_of(scenario)
        self.sector_chance = np.array([s[0] for s in SECTORS])
        self.floor = np.array([s[1] for s in SECTORS])
        self.arabic = np.array([s[2] for s in SECTORS])
        mix = np.array([s[3] for s in SECTORS], float)
        self.mix = mix / mix.sum(1, keepdims=True)
        # expected postings by group, size class, language (of one employer drawn at random, earlier half)
        size = np.array([pareto_mass(f) for f in self.floor])
        language = np.stack([1 - self.arabic, self.arabic], 1)
        self.mass = np.einsum("a,ak,ag,al->gkl", self.sector_chance, size, self.mix, language)
        # mean[s, g, k, l, h]
        profile = np.random.default_rng([20250101, SCENARIOS.index(scenario)]).normal(0, 0.5, (len(self.skills), 9))
        mean = np.empty((len(self.skills), 9, 2, 2, 2))
        for i, s in enumerate(self.skills):
            at = np.full(9, logit(s.base)) + (profile[i] if s.group is None else 0)
            if s.group is not None:
                at[GROUPS != s.group] = logit(s.other)
            shifted = at[:, None, None] + s.large * np.array([0, 1])[:, None] + s.arabic * np.array([0, 1])
            mean[i, ..., 0] = expit(shifted)
            mean[i, ..., 1] = np.minimum(mean[i, ..., 0] * s.ratio, 0.97) if s.ratio != 1 else mean[i, ..., 0]
        self.mean = mean
        self.table = self.beta_bins()
        self.rates = None
        if scenario == "corrected":
            self.precision, self.recall = (np.array([[RATES[s.kind, l][i] for l in LANGUAGES] for s in self.skills])
                                           for i in (0, 1))
            # false positives per posting that does not ask, so that precision is as stated in every cell
            p, r = self.precision[:, None, None, :, None], self.recall[:, None, None, :, None]
            self.false_positive = r * mean * (1 - p) / (p * (1 - mean))
            assert self.false_positive.max() < 1

    def beta_bins(self):
        """Conditional means of BINS equally likely bins of each Beta; table[s, g, k, l, h, bin]."""
        shape = self.mean.shape
        table = np.empty(shape + (BINS,), np.float32)
        edges = np.linspace(0, 1, BINS + 1)
        for i, s in enumerate(self.skills):
            means, back = np.unique(self.mean[i], return_inverse=True)
            if s.base in (0.0, 1.0):
                table[i] = s.base
                continue
            a, b = (m[:, None] * (1 / s.rho - 1) for m in (means, 1 - means))
            cuts = betaincinv(a, b, edges[None])
            bins = np.clip(np.diff(betainc(a + 1, b, cuts), axis=1) * means[:, None] * BINS, 0, 1)
            assert np.abs(bins.mean(1) - means).max() < 1e-9
            table[i] = bins[back.reshape(shape[1:])]
        return table

    # --- truth ---

    def truth(self):
        """(skill, language, estimand, value, note)"""
        w, halves = self.mass, np.array([1.0, LATER_VOLUME]) / (1 + LATER_VOLUME)
        official = np.array([EMPLOYMENT[g] for g in GROUPS])
        official = official / official.sum()
        rows = []
        for i, s in enumerate(self.skills):
            mean = self.mean[i] @ halves
            share = (w * mean).sum() / w.sum()
            weighted = official @ ((w * mean).sum((1, 2)) / w.sum((1, 2)))
            if self.scenario == "growth":
                half = [(w * self.mean[i, ..., h]).sum() / w.sum() for h in (0, 1)]
                rows.append((s.code, "", "growth", 0.0 if s.ratio == 1 else np.log(half[1] / half[0]), s.note))
            elif self.scenario == "shares":
                rows += [(s.code, "", "share", share, s.note), (s.code, "", "weighted_share", weighted, s.note)]
            else:
                note = s.note + ("; refuse" if any((s.kind, l) in REVIEWED_TOO_FEW for l in LANGUAGES) else "")
                rows += [(s.code, "", "corrected_share", share, note),
                         (s.code, "", "corrected_weighted_share", weighted, note)]
                factor = self.recall[i] / self.precision[i]
                rows.append((s.code, "", "recorded_share", (w * mean * factor).sum() / w.sum(), note))
                for l, language in enumerate(LANGUAGES):
                    own = (w[..., l] * mean[..., l]).sum() / w[..., l].sum()
                    refuse = "; refuse" if (s.kind, language) in REVIEWED_TOO_FEW else ""
                    rows.append((s.code, language, "corrected_share", own, s.note + refuse))
        return rows

    # --- one replication ---

    def draw(self, rng, employers):
        """Postings of one replication, sorted by employer and period, and what the reviewers found."""
        count = len(self.skills)
        sector = rng.choice(len(SECTORS), employers, p=self.sector_chance)
        size = np.minimum(self.floor[sector] * (1 - rng.random(employers)) ** (-1 / TAIL), CAP)
        gamma = rng.gamma(CONCENTRATION * self.mix[sector])
        mix = gamma.cumsum(1) / gamma.sum(1, keepdims=True)
        one_language = (rng.random(employers) < self.arabic[sector]).astype(float)
        arabic = np.where(rng.random(employers) < LANGUAGE_MIXED, self.arabic[sector], one_language)
        shock = rng.gamma(SHOCK_SHAPE, 1 / SHOCK_SHAPE, (employers, 2)) * np.array([1, LATER_VOLUME]) * 2 / (1 + LATER_VOLUME)
        volume = rng.poisson(np.repeat(size[:, None] * shock / 4, 2, 1))  # employer x quarter
        # places of the employers in the Beta of each skill, by half
        family = rng.normal(size=(employers, FAMILIES))[:, np.arange(count) % FAMILIES]
        own = rng.normal(size=(employers, count))
        anew = np.where(rng.random((employers, count)) < KEEPS_PLACE, own, rng.normal(size=(employers, count)))
        place = ndtr(FAMILY_LOADING * family[..., None] + (1 - FAMILY_LOADING**2) ** 0.5 * np.stack([own, anew], 2))
        place = np.minimum((place * BINS).astype(np.int64), BINS - 1)

        employer = np.repeat(np.arange(employers), volume.sum(1))
        n = len(employer)
        quarter = np.repeat(np.tile(np.arange(4), employers), volume.ravel())
        half = quarter // 2
        group = np.minimum((rng.random(n)[:, None] > mix[employer]).sum(1), 8)
        language = (rng.random(n) < arabic[employer]).astype(int)
        large = (size[employer] >= LARGE).astype(int)

        every = np.arange(count)
        cell = (every[None], group[:, None], large[:, None], language[:, None], half[:, None])
        chance = self.table[cell + (place[employer[:, None], every[None], half[:, None]],)]
        latent = VERBOSITY_LOADING * rng.normal(size=(n, 1))
        latent = latent + (1 - VERBOSITY_LOADING**2) ** 0.5 * rng.normal(size=(n, count))
        asked = ndtr(latent) < chance

        sticky = np.where(rng.random(n) < STICKS_TO_BOARD, rng.random(employers)[employer], rng.random(n))
        board = np.minimum((sticky[:, None] > BOARD_MIX.cumsum(1)[group]).sum(1), 2)
        second = np.where(rng.random(n) < SECOND_BOARD, (board + 1 + rng.integers(0, 2, n)) % 3, -1)
        again = np.where(rng.random(n) < SECOND_ROW, (board + 1 + rng.integers(0, 2, n)) % 3, -1)
        shy = (size < NAMELESS_BELOW) & (rng.random(employers) < NAMELESS_SMALL_EMPLOYER)
        nameless = shy[employer] | (rng.random(n) < NAMELESS_POSTING)

        recorded, reviews = asked, []
        if self.scenario == "corrected":
            found = np.where(asked, self.recall[every[None], language[:, None]], self.false_positive[cell])
            recorded = rng.random((n, count)) < found
            reviews = self.review(rng, asked, recorded, language)
        columns = dict(employer=np.where(nameless, -1, employer), quarter=quarter, group=group + 1, language=language,
                       board=board, second=second, again=again)
        return columns, recorded, asked, reviews

    def review(self, rng, asked, recorded, language):
        """(kind, class, language, reviewed, right): simple random samples without replacement."""
        rows = []
        for (name, lang) in RATES:
            own = np.array([s.kind == name for s in self.skills])[None] & (language == LANGUAGES.index(lang))[:, None]
            size = REVIEWED_TOO_FEW.get((name, lang), REVIEWED)
            for kind, frame, right in (("precision", recorded, asked), ("recall", asked, recorded)):
                judged = right[frame & own]
                taken = rng.choice(judged, min(size, len(judged)), replace=False)
                rows.append((kind, name, lang, len(taken), int(taken.sum())))
        return rows


def rows_of(scenario, rep, columns, recorded, codes, small):
    """CSV lines of one replication. `small` leaves ids out: a second row has `=`, the id of the row above."""
    at, which = np.nonzero(recorded)
    ends = np.searchsorted(at, np.arange(len(recorded) + 1)).tolist()
    names = codes[which].tolist()
    lines, head = [], f"{rep},{scenario},"
    values = (columns[c].tolist() for c in ("employer", "quarter", "group", "language", "board", "second", "again"))
    for i, (employer, quarter, group, language, board, second, again) in enumerate(zip(*values)):
        tail = (f",{PERIODS[quarter]},{group},{LANGUAGES[language]},{';'.join(names[ends[i]:ends[i + 1]])}\n")
        start = f"{head}{'' if small else f'p{i}'},{'' if employer < 0 else f'e{employer}'},"
        boards = BOARDS[board] if second < 0 else f"{BOARDS[board]};{BOARDS[second]}"
        lines.append(f"{start}{boards}{tail}")
        if again >= 0:
            same = start.replace(f"{head},", f"{head}=,", 1) if small else start
            lines.append(f"{same}{BOARDS[again]}{tail}")
    return "".join(lines)


class Table:
    """A gzip file whose bytes depend on nothing but its rows."""

    def __init__(self, path, header, level):
        self.raw = open(path, "wb")
        self.zip = gzip.GzipFile("", "wb", level, self.raw, mtime=0)
        self.row(header)

    def text(self, text):
        self.zip.write(text.encode())

    def row(self, cells):
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(cells)
        self.text(line.getvalue())

    def close(self):
        self.zip.close()
        self.raw.close()


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--replications", type=int, default=1000)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--out", type=pathlib.Path, required=True)
    args.add_argument("--scenarios", default=",".join(SCENARIOS), help="each may have its own count: growth:12")
    args.add_argument("--employers", type=int, default=340, help="employers drawn per replication (6.5 postings each)")
    args.add_argument("--small", action="store_true", help="leave posting ids out, compress harder")
    args.add_argument("--harsh", action="store_true", help="heavier tail, names missing at random")
    args = args.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.harsh:
        globals().update(HARSH)
    open_table = lambda name, header: Table(args.out / f"{name}.csv.gz", header.split(), 9 if args.small else 6)

    postings = open_table("postings", "rep scenario posting employer boards period isco_group language skills")
    truth = open_table("truth", "scenario skill language estimand value note")
    reviews = open_table("reviews", "rep scenario kind class language reviewed_count right_count")
    classes = open_table("classes", "scenario skill class")
    rates = open_table("rates", "class language precision recall")
    employment = open_table("employment", "isco_group employed_persons")
    for group, persons in EMPLOYMENT.items():
        employment.row((group, persons))
    for (kind, language), (precision, recall) in RATES.items():
        rates.row((kind, language, precision, recall))
    for scenario in args.scenarios.split(","):
        scenario, _, replications = scenario.partition(":")
        world = World(scenario)
        codes = np.array([s.code for s in world.skills], object)
        for skill, language, estimand, value, note in world.truth():
            truth.row((scenario, skill, language, estimand, repr(float(value)), note))
        for skill in world.skills:
            classes.row((scenario, skill.code, skill.kind))
        for rep in range(int(replications or args.replications)):
            rng = np.random.default_rng([args.seed, SCENARIOS.index(scenario), rep])
            columns, recorded, _, judged = world.draw(rng, args.employers)
            postings.text(rows_of(scenario, rep, columns, recorded, codes, args.small))
            for row in judged:
                reviews.row((rep, scenario) + row)
    for table in (postings, truth, reviews, classes, rates, employment):
        table.close()


if __name__ == "__main__":
    main()
