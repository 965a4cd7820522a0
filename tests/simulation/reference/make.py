#!/usr/bin/env python3
"""Reference values by scipy, statsmodels, numpy and R's survey package.

    python make.py     (pip install numpy scipy statsmodels; apt-get install r-cran-survey)

No estimator is written out here: each expected value is what the named library function returns. README.md has the
columns. The inputs are drawn once from a fixed seed and written beside the outputs.
"""

import csv
import pathlib
import subprocess

import numpy as np
import scipy
import statsmodels
from scipy.stats import false_discovery_control, norm, t as student
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20250101)


def write(name, header, rows):
    with open(HERE / f"{name}.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header.split())
        out.writerows([[repr(float(c)) if isinstance(c, (float, np.floating)) else c for c in row] for row in rows])


def wilson():
    """proportion_confint(count, nobs, alpha=0.05, method='wilson'); counts and n may be fractions."""
    cases = [(0, 1), (1, 1), (0, 5), (5, 5), (1, 2), (0, 30), (30, 30), (1, 30), (29, 30), (15, 30), (0, 1000), (1, 1000),
             (999, 1000), (1000, 1000), (500, 1000), (3, 7), (10, 100), (1, 100), (99, 100), (50, 100), (0, 1e6), (1, 1e6),
             (1e6, 1e6), (123456, 1e6), (2, 3)]
    cases += [(share * n, n) for share, n in [(0.0, 0.3), (1.0, 0.3), (0.5, 0.3), (0.02, 12.34), (0.0, 12.34), (1.0, 12.34),
              (0.3, 1.5), (0.11, 57.03), (0.005, 810.77), (0.995, 810.77), (0.4444, 333.333), (0.6, 4.9), (0.015, 66.6),
              (0.25, 1234.5), (0.9, 21.7)]]
    rows = []
    for count, n in cases:
        low, high = proportion_confint(float(count), float(n), alpha=0.05, method="wilson")
        rows.append((float(count), float(n), float(low), float(high)))
    write("wilson", "count n low high", rows)


def benjamini_hochberg():
    """scipy.stats.false_discovery_control(p, method='bh'); the same by statsmodels multipletests, asserted equal."""
    vectors = [
        [0.03],
        [1.0, 1.0, 0.04, 1.0, 0.04, 0.04],
        [0.0, 0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269, 0.275, 0.34,
         0.341, 0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986],
        np.round(rng.beta(0.4, 2, 80), 3).tolist(),  # ties by rounding
        np.where(rng.random(300) < 0.2, 2 * norm.sf(np.abs(rng.normal(3, 1, 300))), rng.random(300)).tolist(),
    ]
    rows = []
    for i, p in enumerate(vectors):
        q = false_discovery_control(p, method="bh")
        assert np.allclose(q, multipletests(p, method="fdr_bh")[1], rtol=1e-12, atol=0)
        rows += [(i, float(a), float(b)) for a, b in zip(p, q)]
    write("bh", "vector p q", rows)


def quantiles():
    """numpy.quantile(replications, q, method='linear')."""
    vectors = [[3.25], [2.0, 1.0], [1.0, 1.0, 1.0, 5.0], rng.normal(size=41).tolist(), rng.gamma(0.5, size=199).tolist(),
               np.round(rng.random(1000), 3).tolist()]
    probabilities = (0.0, 0.025, 0.05, 0.25, 0.5, 0.9, 0.975, 1.0)
    write("quantile_inputs", "vector value", [(i, v) for i, vector in enumerate(vectors) for v in vector])
    write("quantiles", "vector probability value", [(i, q, float(np.quantile(vector, q, method="linear")))
                                                    for i, vector in enumerate(vectors) for q in probabilities])


def distributions():
    """Quantiles of Student's t, and two-sided normal p."""
    freedoms = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 29, 30, 50, 99, 150, 499, 1000, 100000]
    write("t975", "freedom t975", [(df, float(student.ppf(0.975, df))) for df in freedoms])
    zs = [0.0, 1e-9, 0.1, 0.674, 1.0, 1.6449, 1.96, 2.5758, 3.2905, 5.0, 8.0, 12.0, 30.0]
    write("two_sided_p", "z p", [(z, float(2 * norm.sf(z))) for z in zs])


def postings():
    """Five small clustered data sets for R; group 7 of employment never has postings."""
    rows, employment = [], {1: 60.5, 2: 190.25, 3: 120.0, 5: 310.75, 7: 99.0, 9: 200.0}
    worlds = [("even", 40, lambda k: np.full(k, 5)), ("tail", 60, lambda k: np.minimum(1 + rng.pareto(1.2, k) * 1.5, 60).astype(int)),
              ("few", 6, lambda k: np.array([1, 2, 4, 9, 20, 33])), ("single", 150, lambda k: np.ones(k, int)),
              ("rare", 80, lambda k: 1 + rng.poisson(3, k))]
    for name, count, sizes in worlds:
        number = 0
        for employer, size in enumerate(sizes(count)):
            means = (0.3, 0.12, 0.5) if name != "rare" else (0.02, 0.05, 0.97)
            own = [rng.beta(m * 6, (1 - m) * 6) for m in means]
            mix = rng.dirichlet([0.8, 2.0, 1.2, 1.5, 0.6])
            for _ in range(size):
                group = int(rng.choice([1, 2, 3, 5, 9], p=mix))
                later = int(rng.random() < 0.55)
                lift = 1.4 if later else 1.0
                asks = [int(rng.random() < min(o * (lift if i == 1 else 1) * (1.3 if group == 2 else 1), 1)) for i, o in enumerate(own)]
                rows.append((name, f"p{number}", f"e{employer}", group, later, round(0.5 + 2.5 * rng.random(), 2), *asks))
                number += 1
    write("postings", "dataset posting employer group later w a b c", rows)
    write("employment", "group persons", list(employment.items()))


def main():
    wilson()
    benjamini_hochberg()
    quantiles()
    distributions()
    postings()
    r = subprocess.run(["Rscript", str(HERE / "survey.R"), str(HERE)], check=True, capture_output=True, text=True).stdout.strip()
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, {r}")


if __name__ == "__main__":
    main()
