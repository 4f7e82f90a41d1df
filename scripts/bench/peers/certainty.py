"""The work of certainty-kernels.ts with numpy and scipy, whole arrays at a time."""
import json
import sys
import time

import numpy as np
from scipy.special import digamma, polygamma
from scipy.stats import t as student

what = sys.argv[1]
units, blocks, times, runs = map(int, sys.argv[2:6])
random = np.random.default_rng(1)


def bootstrap():
    """r of the pairs in every resample, from the groups' moments about one centre."""
    total = counts.sum()
    centre = counts @ means / total
    offset = means - centre
    square = np.einsum("bii->bi", m2) + counts[:, None] * offset**2
    product = m2[:, rows, cols] + counts[:, None] * offset[:, rows] * offset[:, cols]
    n = weights @ counts
    sums = weights @ (counts[:, None] * offset)
    second = weights @ square - sums**2 / n[:, None]
    scale = 1 / np.sqrt(second)
    r = (weights @ product - sums[:, rows] * sums[:, cols] / n[:, None]) * scale[:, rows] * scale[:, cols]
    return np.clip(r, -1, 1)


def null():
    """Moderated t of every pair against the shuffles (Smyth 2004), Benjamini-Hochberg."""
    mean, variance = shuffled.mean(0), shuffled.var(0, ddof=1)
    degrees = times - 1
    e = np.log(variance) - digamma(degrees / 2) + np.log(degrees / 2)
    excess = e.var(ddof=1) - polygamma(1, degrees / 2)
    prior, known = variance.mean(), np.inf
    if excess > 1e-8:
        half = 1 / excess + 0.5
        for _ in range(20):
            trigamma = polygamma(1, half)
            half += trigamma * (1 - trigamma / excess) / polygamma(2, half)
        known = 2 * half
        prior = np.exp(e.mean() + digamma(half) - np.log(half))
    shrunk = np.full_like(variance, prior)
    if np.isfinite(known):
        shrunk = (known * prior + degrees * variance) / (known + degrees)
    p = student.sf((r - mean) / np.sqrt(shrunk * (1 + 1 / times)), known + degrees)
    ordered = np.sort(p)
    q = np.minimum.accumulate((ordered * p.size / np.arange(1, p.size + 1))[::-1])[::-1]
    return np.searchsorted(q, 0.05, side="right")


if what == "bootstrap":
    counts = np.full(blocks, 100.0)
    means = random.random((blocks, 2 * units))
    m2 = 10 * random.random((blocks, 2 * units, 2 * units))
    m2[:, np.arange(2 * units), np.arange(2 * units)] = 100
    rows = np.arange(units)
    cols = units + rows * 7 % units
    weights = random.multinomial(blocks, np.full(blocks, 1 / blocks), times).astype(float)
    work = bootstrap
else:
    r = 0.5 * (random.random(units * units) + random.random(units * units) - 1)
    shuffled = 0.1 * (random.random((times, units * units)) + random.random((times, units * units)) - 1)
    work = null
spent = []
for _ in range(runs):
    started = time.perf_counter()
    work()
    spent.append(time.perf_counter() - started)
print(json.dumps({"seconds": min(spent)}))
