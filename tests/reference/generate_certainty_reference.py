#!/usr/bin/env python3
"""Reference values for core/numeric/certainty by numpy and scipy.

    python3 tests/reference/generate_certainty_reference.py

Writes certainty-reference.json. The block data are stored (rounded to 3 decimals); resampled correlations come from
numpy.corrcoef of the concatenated blocks, tail probabilities from scipy.stats, polygammas from scipy.special,
adjusted p-values from their definition by brute force.
"""

import json
import platform
from pathlib import Path

import numpy as np
import scipy
from scipy import optimize, special, stats

rng = np.random.default_rng(8)


def blocks():
    shared = rng.normal(size=(48, 3))
    a = shared + 0.6 * rng.normal(size=(48, 3))
    b = shared[:, [2, 0, 1]] + 0.6 * rng.normal(size=(48, 3))
    data = np.round(np.hstack([a + 5, b - 2]), 3)
    sizes = [9, 7, 12, 8, 12]
    return data, sizes


def concatenated(data, sizes, weights):
    edges = np.cumsum([0, *sizes])
    return np.concatenate([data[edges[k]:edges[k + 1]] for k in range(len(sizes)) for _ in range(weights[k])])


def bootstrap_case():
    data, sizes = blocks()
    weights = [[1, 1, 1, 1, 1], [2, 0, 1, 0, 2], [0, 0, 3, 2, 0], [0, 5, 0, 0, 0], [1, 2, 0, 1, 1]]
    correlations = [np.corrcoef(concatenated(data, sizes, w).T)[:3, 3:].ravel().tolist() for w in weights]
    return {"data": data.ravel().tolist(), "sizes": sizes, "weights": weights, "between": correlations}


def tail_case():
    points = [(t, df) for df in (2, 3.7, 19, 250.5) for t in (-3.0, -0.2, 0.0, 0.4, 2.1, 7.5, 40.0)]
    normal = [-2.0, 0.0, 0.3, 1.0, 2.4, 2.6, 5.0, 12.0, 30.0]
    return {
        "t": [[t, df, float(stats.t.sf(t, df))] for t, df in points],
        "normal": [[z, float(stats.norm.sf(z))] for z in normal],
    }


def polygamma_case():
    x = [1e-3, 0.1, 0.5, 1.0, 2.5, 11.9, 12.0, 60.0, 1e4]
    return {"x": x, "digamma": special.digamma(x).tolist(), "trigamma": special.polygamma(1, x).tolist()}


def discovery_case():
    p = np.round(np.concatenate([rng.uniform(size=40), 10.0 ** rng.uniform(-8, -2, size=15), [1, 1, 0.5, 0.5, 0]]), 9)
    m = len(p)
    # Straight from the definition, O(m^2): the least level at which a test is rejected.
    bh = np.array([min(1, min(m * t / np.sum(p <= t) for t in p if t >= value)) for value in p])
    by = np.array([min(1, min(m * np.sum(1 / np.arange(1, m + 1)) * t / np.sum(p <= t) for t in p if t >= value)) for value in p])
    return {"p": p.tolist(), "bh": bh.tolist(), "by": by.tolist()}


def prior_case():
    """The moment equations solved by scipy's root finder instead of Newton's method."""
    degrees, d0, s0 = 7, 9.0, 0.02
    sigma2 = d0 * s0 / rng.chisquare(d0, size=400)
    variances = np.round(sigma2 * rng.chisquare(degrees, size=400) / degrees, 8)
    e = np.log(variances) - special.digamma(degrees / 2) + np.log(degrees / 2)
    excess = e.var(ddof=1) - special.polygamma(1, degrees / 2)
    half = optimize.brentq(lambda x: special.polygamma(1, x) - excess, 1e-3, 1e6, xtol=1e-13)
    return {
        "variances": variances.tolist(), "degrees": degrees, "priorDegrees": 2 * half,
        "priorVariance": float(np.exp(e.mean() + special.digamma(half) - np.log(half))),
    }


def percentile_case():
    values = np.round(rng.normal(size=37), 6)
    return {
        "values": values.tolist(),
        "intervals": [[level, *np.quantile(values, [(1 - level) / 2, (1 + level) / 2]).tolist()] for level in (0.5, 0.9, 0.95)],
    }


def main():
    document = {
        "generator": "tests/reference/generate_certainty_reference.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        "bootstrap": bootstrap_case(), "tails": tail_case(), "polygamma": polygamma_case(),
        "discovery": discovery_case(), "prior": prior_case(), "percentile": percentile_case(),
    }
    target = Path(__file__).resolve().parent / "certainty-reference.json"
    target.write_text(json.dumps(document, allow_nan=False) + "\n")
    print(target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
