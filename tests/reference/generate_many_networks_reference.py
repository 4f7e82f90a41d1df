#!/usr/bin/env python3
"""Reference values for core/numeric/many-networks by numpy and scipy.

    python3 tests/reference/generate_many_networks_reference.py

Writes many-networks-reference.json: activations of four networks (rounded to 3 decimals), matchings by
scipy.optimize.linear_sum_assignment, convergence counts and cycles by plain loops over units, and layer maps with
linear CKA from the activations themselves (Kornblith et al. 2019, eq. 4).
"""

import itertools
import json
import platform
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import linear_sum_assignment

rng = np.random.default_rng(4)
SIZES = (5, 6, 5, 4)
THRESHOLD = 0.45


def networks():
    features = rng.normal(size=(50, 6))
    parts = []
    for size in SIZES:
        order = rng.permutation(6)[:size]
        parts.append(np.round(features[:, order] + 0.8 * rng.normal(size=(50, size)) + 2, 3))
    parts[2][:, 3] = 1.5  # a dead unit
    return parts


def correlate(x, y):
    with np.errstate(invalid="ignore"):
        joint = np.nan_to_num(np.corrcoef(x.T, y.T))
    return joint[:x.shape[1], x.shape[1]:]


def cka(x, y):
    x, y = x - x.mean(0), y - y.mean(0)
    return float(np.linalg.norm(x.T @ y) ** 2 / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y)))


def main():
    parts = networks()
    dead = [part.std(0) == 0 for part in parts]
    match = {}
    means = {}
    held = [np.zeros(size, int) for size in SIZES]
    for i, j in itertools.combinations(range(4), 2):
        r = correlate(parts[i], parts[j])
        rows, cols = linear_sum_assignment(r, maximize=True)
        means[i, j] = r[rows, cols].mean()
        match[i, j], match[j, i] = dict(zip(rows, cols)), dict(zip(cols, rows))
        for row, col in zip(rows, cols):
            if r[row, col] >= THRESHOLD and not dead[i][row] and not dead[j][col]:
                held[i][row] += 1
                held[j][col] += 1
    completed = returned = 0
    chance = 0.0
    for a, b, c in itertools.permutations(range(4), 3):  # both directions: each counted twice
        for unit in range(SIZES[a]):
            path = [(a, unit)]
            for at, to in ((a, b), (b, c), (c, a)):
                last = path[-1][1]
                if last is None or dead[at][last]:
                    path.append((to, None))
                else:
                    path.append((to, match[at, to].get(last)))
            end = path[-1][1]
            if end is None or dead[a][end]:
                continue
            completed += 1
            returned += end == unit
            chance += 1 / np.sum(~dead[a])
    layers_a, layers_b = [(0, 3), (3, 2)], [(0, 2), (2, 4)]
    map_cka = [[cka(parts[0][:, s:s + n], parts[1][:, t:t + m]) for t, m in layers_b] for s, n in layers_a]
    map_match = []
    for s, n in layers_a:
        for t, m in layers_b:
            r = correlate(parts[0][:, s:s + n], parts[1][:, t:t + m])
            rows, cols = linear_sum_assignment(r, maximize=True)
            map_match.append(float(r[rows, cols].mean()))
    document = {
        "generator": "tests/reference/generate_many_networks_reference.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        "sizes": SIZES, "samples": 50, "threshold": THRESHOLD, "data": np.hstack(parts).ravel().tolist(),
        "means": [float(means[pair]) for pair in itertools.combinations(range(4), 2)],
        "held": np.concatenate(held).tolist(),
        "completed": completed // 2, "share": returned / completed, "chance": chance / completed,
        "layersA": layers_a, "layersB": layers_b, "cka": np.ravel(map_cka).tolist(), "matching": map_match,
    }
    target = Path(__file__).resolve().parent / "many-networks-reference.json"
    target.write_text(json.dumps(document, allow_nan=False) + "\n")
    print({k: v for k, v in document.items() if k != "data"}, target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
