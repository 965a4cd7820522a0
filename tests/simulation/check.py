#!/usr/bin/env python3
"""Do truth and data agree? A textbook estimator, sharing nothing with generate.py or the Rust estimators.

    check.py DIR [--table FILE]

DIR is what generate.py wrote. Estimates are plain ratios; their error is the delete-one-cluster jackknife (a cluster is
an employer; a posting without one is its own), intervals are t on the logit scale (shares) or the log scale (growth).
Corrected shares add the binomial variance of the reviewed precision and recall (delta method).
For every skill and estimand: truth, mean estimate, z = bias in Monte-Carlo standard errors, coverage, and the ratio of
the mean estimated standard error to the spread of the estimates. Exit 1 when more |z| > 3 than chance allows.

For growth the z compares ln(mean later share / mean earlier share), because ln of a small-sample ratio is itself biased;
`bias` is that of the estimator ln((x1 + .5) / (n1 + .5)) - ln((x0 + .5) / (n0 + .5)). `coverage` is of the jackknife
over employers that removes an employer from both halves at once; `coverage_apart` is of the sum of two independent
variances, which ignores that the employers are the same.
"""

import argparse
import csv
import gzip
import itertools
import pathlib
import sys

import numpy as np
from scipy.stats import false_discovery_control, norm, t as student


def read(path):
    with gzip.open(path, "rt", newline="") as file:
        yield from csv.DictReader(file)


class Replication:
    """Counts by cluster: base[c, ...] and asking[c, ..., s] for any key of postings."""

    def __init__(self, rows, skills):
        rows = list(rows)
        for i, row in enumerate(rows):  # small files have no ids
            row["posting"] = {"": f"p{i}", "=": rows[i - 1]["posting"]}.get(row["posting"], row["posting"])
        unique = {row["posting"]: row for row in rows}
        self.rows, self.skills = list(unique.values()), skills
        names = [r["employer"] or f"?{r['posting']}" for r in self.rows]
        _, self.cluster = np.unique(names, return_inverse=True)
        self.clusters = self.cluster.max() + 1
        pairs = [(i, skills[s]) for i, r in enumerate(self.rows) if r["skills"] for s in r["skills"].split(";")]
        self.posting, self.skill = np.array(pairs).T
        self.group = np.array([int(r["isco_group"]) for r in self.rows]) - 1
        self.arabic = np.array([r["language"] == "ar" for r in self.rows]).astype(int)
        self.later = np.array([r["period"] >= "2025-Q3" for r in self.rows]).astype(int)

    def count(self, key, kinds):
        base = np.zeros((self.clusters, kinds))
        np.add.at(base, (self.cluster, key), 1)
        asking = np.zeros((self.clusters, kinds, len(self.skills)))
        np.add.at(asking, (self.cluster[self.posting], key[self.posting], self.skill), 1)
        return base, asking


def jackknife(estimate, base, asking):
    """The estimate from sums over clusters, and its delete-one-cluster variance."""
    n, x = base.sum(0), asking.sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        without = estimate(n - base, x - asking)
    count = len(base)
    return estimate(n, x), (count - 1) / count * ((without - without.mean(0)) ** 2).sum(0), count


def covers(value, variance, freedom, truth, scale):
    """Whether the t interval holds the truth, on the logit or the plain scale."""
    quantile = student.ppf(0.975, freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "logit":
            value_at, truth_at = (np.log(v / (1 - v)) for v in (value, truth))
            error = np.sqrt(variance) / (value * (1 - value))
        else:
            value_at, truth_at, error = value, truth, np.sqrt(variance)
        return np.abs(value_at - truth_at) <= quantile * error


def estimates(rep, scenario, official, rates):
    """{(estimand, language): (value, variance, clusters)} per skill; for growth also the parts."""
    found = {}
    if scenario == "growth":
        ratio = lambda n, x: np.log((x[..., 1, :] + .5) / (n[..., 1, None] + .5) * (n[..., 0, None] + .5) / (x[..., 0, :] + .5))
        base, asking = rep.count(rep.later, 2)
        found["growth", ""] = jackknife(ratio, base, asking)
        apart = 0
        for half in (0, 1):
            log_share = lambda n, x: np.log((x[..., half, :] + .5) / (n[..., half, None] + .5))
            apart = apart + jackknife(log_share, base, asking)[1]
        found["apart", ""] = (found["growth", ""][0], apart, len(base))
        found["halves", ""] = (asking.sum(0) / base.sum(0)[:, None],)
        return found
    share = lambda n, x: x.sum(-2) / n.sum(-1)[..., None]
    base, asking = rep.count(rep.group, 9)
    if scenario == "shares":
        weight = official / official.sum()
        weighted = lambda n, x: np.einsum("g,...gs->...s", weight, x / np.maximum(n, 1e-9)[..., None])
        found["share", ""] = jackknife(share, base, asking)
        found["weighted_share", ""] = jackknife(weighted, base, asking)
        return found
    # corrected: cells are group x language
    base, asking = rep.count(rep.group * 2 + rep.arabic, 18)
    by_cell = lambda v, trailing: v.reshape(v.shape[:v.ndim - trailing] + (9, 2) + v.shape[v.ndim - trailing + 1:])
    factor, relative = rates  # [language, skill]: P / R, and the relative variance of that
    weight = official / official.sum()

    def recorded(n, x):
        return share(n, x)

    def in_language(l):
        return lambda n, x: by_cell(x, 2)[..., :, l, :].sum(-2) / by_cell(n, 1)[..., :, l].sum(-1)[..., None]

    def part(l, grouped):
        """Recorded share in language l of all postings (corrected ones add up over languages)."""
        def estimate(n, x):
            n, x = by_cell(n, 1), by_cell(x, 2)
            if grouped:
                return np.einsum("g,...gs->...s", weight, x[..., l, :] / np.maximum(n.sum(-1), 1e-9)[..., None])
            return x[..., l, :].sum(-2) / n.sum((-1, -2))[..., None]
        return estimate

    found["recorded_share", ""] = jackknife(recorded, base, asking)
    for l, language in enumerate(("en", "ar")):
        value, variance, count = jackknife(in_language(l), base, asking)
        found["corrected_share", language] = (value * factor[l], variance * factor[l] ** 2 + (value * factor[l]) ** 2 * relative[l], count)
    for name, grouped in (("corrected_share", False), ("corrected_weighted_share", True)):
        both = lambda n, x: part(0, grouped)(n, x) * factor[0] + part(1, grouped)(n, x) * factor[1]
        value, variance, count = jackknife(both, base, asking)
        pieces = [(part(l, grouped)(base.sum(0), asking.sum(0)) * factor[l]) ** 2 * relative[l] for l in (0, 1)]
        found[name, ""] = (value, variance + pieces[0] + pieces[1], count)
    return found


def discoveries(found, apart, truths):
    """False discovery rate and power of `q <= .05` by scipy, on jackknife p values; per way of taking the variance."""
    lines = []
    value = np.array([f[0] for f in found])
    for name, variance in (("paired", np.array([f[1] for f in found])), ("apart", np.array([a[1] for a in apart]))):
        q = np.array([false_discovery_control(2 * norm.sf(np.abs(v) / np.sqrt(w))) for v, w in zip(value, variance)])
        called = q <= 0.05
        emerging = called & (value >= np.log(1.5))
        rate = lambda called, wrong: np.mean((called & wrong).sum(1) / np.maximum(called.sum(1), 1))
        lines.append(f"{name:7} any change: false {100 * rate(called, np.sign(value) != np.sign(truths)):.2f} % of {called.sum(1).mean():.1f} called; "
                     f"emerging: not growing {100 * rate(emerging, truths <= 0):.2f} %, grown by less than 1.5 "
                     f"{100 * rate(emerging, truths < np.log(1.5)):.2f} % of {emerging.sum(1).mean():.1f} called")
        power = {ratio: called[:, np.abs(np.exp(truths) - ratio) < 0.02].mean() for ratio in (0.4, 0.6, 1 / 1.3, 1.3, 1.6, 2, 3)}
        lines.append("        called, by true ratio: " + ", ".join(f"{r:.2f} {100 * p:.0f} %" for r, p in power.items()))
    return lines


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("dir", type=pathlib.Path)
    args.add_argument("--table", type=pathlib.Path)
    args = args.parse_args()
    file = lambda name: args.dir / f"{name}.csv.gz"
    truth = {(r["scenario"], r["skill"], r["estimand"], r["language"]): (float(r["value"]), r["note"]) for r in read(file("truth"))}
    official = np.array([float(r["employed_persons"]) for r in read(file("employment")) if r["isco_group"] != "0"])
    kind = {(r["scenario"], r["skill"]): r["class"] for r in read(file("classes"))}
    judged = {(r["rep"], r["kind"], r["class"], r["language"]): (int(r["right_count"]), int(r["reviewed_count"])) for r in read(file("reviews"))}
    collected = {}
    for (scenario, rep), rows in itertools.groupby(read(file("postings")), lambda r: (r["scenario"], r["rep"])):
        names = [s for sc, s in kind if sc == scenario]
        data = Replication(rows, {name: i for i, name in enumerate(names)})
        rates = None
        if scenario == "corrected":
            factor, relative = np.ones((2, len(names))), np.zeros((2, len(names)))
            for (l, language), (i, name) in itertools.product(enumerate(("en", "ar")), enumerate(names)):
                p, r = (judged[rep, k, kind[scenario, name], language] for k in ("precision", "recall"))
                (pv, rv) = (right / count for right, count in (p, r))
                factor[l, i] = pv / rv
                relative[l, i] = (1 - pv) / (pv * p[1]) + (1 - rv) / (rv * r[1])
            rates = factor, relative
        for (estimand, language), values in estimates(data, scenario, official, rates).items():
            collected.setdefault((scenario, estimand, language), []).append(values)

    table, summary = [], {}
    for (scenario, estimand, language), found in collected.items():
        if estimand in ("halves", "apart"):
            continue
        value, variance, clusters = (np.array([f[i] for f in found]) for i in range(3))
        names = [s for sc, s in kind if sc == scenario]
        for i, name in enumerate(names):
            right, note = truth[scenario, name, estimand, language]
            mean, spread = value[:, i].mean(), value[:, i].std(ddof=1)
            bias = mean - right
            if note in ("nobody", "everybody"):
                assert abs(bias) < 1e-9
                continue
            z = bias / spread * len(found) ** 0.5
            apart = ""
            if estimand == "growth":
                halves = np.array([h[0][:, i] for h in collected[scenario, "halves", ""]])
                log_mean = np.log(halves[:, 1].mean() / halves[:, 0].mean())
                error = (halves[:, 1] / halves[:, 1].mean() - halves[:, 0] / halves[:, 0].mean()).std(ddof=1)
                z = (log_mean - right) / error * len(found) ** 0.5
                total = np.array([a[1][i] for a in collected[scenario, "apart", ""]])
                apart = covers(value[:, i], total, clusters - 1, right, "plain").mean()
            scale = "plain" if estimand == "growth" else "logit"
            cover = covers(value[:, i], variance[:, i], clusters - 1, right, scale).mean()
            ratio = np.sqrt(variance[:, i].mean()) / spread
            table.append((scenario, name, estimand, language, note, right, mean, bias, z, cover, ratio, apart))
            summary.setdefault((scenario, estimand, language, note), []).append((z, cover, ratio, apart or np.nan, bias / spread))

    head = "scenario skill estimand language note truth mean bias z coverage se_ratio coverage_apart".split()
    if args.table:
        with open(args.table, "w", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(head)
            writer.writerows([[f"{c:.5f}" if isinstance(c, float) else c for c in row] for row in table])
    print(f"{len(found)} replications, {np.mean(clusters):.0f} clusters each in the last scenario")
    print("scenario   estimand                  lang note               skills  max|z|  bias/sd   coverage mean (min..max)   se/sd  apart")
    for (scenario, estimand, language, note), rows in summary.items():
        z, cover, ratio, apart, bias = np.array(rows, float).T
        print(f"{scenario:10} {estimand:25} {language:4} {note:18} {len(rows):6} {np.abs(z).max():7.2f} {np.abs(bias).max():8.2f}   "
              f"{100 * cover.mean():13.1f} ({100 * cover.min():.1f}..{100 * cover.max():.1f}) {ratio.mean():9.3f}  {100 * apart.mean():.1f}")
    growth = collected.get(("growth", "growth", ""))
    if growth:
        truths = np.array([truth["growth", s, "growth", ""][0] for sc, s in kind if sc == "growth"])
        print("\n".join(discoveries(growth, collected["growth", "apart", ""], truths)))
    counted = [row for row in table if "refuse" not in row[4]]
    z = np.array([row[8] for row in counted])
    beyond = (np.abs(z) > 3).sum()
    print(f"|z| > 3: {beyond} of {len(z)} (chance: {len(z) * 2 * norm.sf(3):.1f}); sd of z {z.std():.2f}")
    for row in counted:
        if abs(row[8]) > 3:
            print("  beyond:", row[:5], f"truth {row[5]:.5f} mean {row[6]:.5f} z {row[8]:.2f}")
    sys.exit(int(beyond > 2 + 2 * len(z) * 2 * norm.sf(3)))


if __name__ == "__main__":
    main()
