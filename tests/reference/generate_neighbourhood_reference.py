#!/usr/bin/env python3
"""Reference neighbourhood matches (Wang et al. 2018) by numpy's least squares on the activations themselves.

    python3 tests/reference/generate_neighbourhood_reference.py

Writes neighbourhood-reference.json: activations, residuals of every unit on the other network, maximum matches by
removing one unit at a time (not side by side, as the program does), and for two small cases every match there is, by
trying all pairs of subsets, and from these every v-minimal match.
"""

import itertools
import json
import platform
from pathlib import Path

import numpy as np

rng = np.random.default_rng(21)


def residual(target, sources):
    if sources.shape[1] == 0:
        return 1.0
    coefficients = np.linalg.lstsq(sources, target, rcond=1e-7)[0]
    return float(np.linalg.norm(target - sources @ coefficients) / np.linalg.norm(target))


def maximum(a, b, epsilon):
    xs, ys = list(range(a.shape[1])), list(range(b.shape[1]))
    while True:
        bad = next((("x", i) for i in xs if residual(a[:, i], b[:, ys]) > epsilon), None)
        bad = bad or next((("y", j) for j in ys if residual(b[:, j], a[:, xs]) > epsilon), None)
        if bad is None:
            return xs, ys
        (xs if bad[0] == "x" else ys).remove(bad[1])


def is_match(a, b, xs, ys, epsilon):
    return all(residual(a[:, i], b[:, ys]) <= epsilon for i in xs) and all(residual(b[:, j], a[:, xs]) <= epsilon for j in ys)


def subsets(count):
    return [list(s) for size in range(1, count + 1) for s in itertools.combinations(range(count), size)]


def minimal(a, b, epsilon):
    """For every unit (A's, then B's numbered on) all v-minimal matches, as sorted lists of joint indices."""
    p = a.shape[1]
    matches = [frozenset(xs) | frozenset(p + j for j in ys) for xs in subsets(p) for ys in subsets(b.shape[1])
               if is_match(a, b, xs, ys, epsilon)]
    answer = []
    for v in range(p + b.shape[1]):
        holding = [m for m in matches if v in m]
        answer.append([sorted(m) for m in holding if not any(o < m for o in holding)])
    return answer


def case(name, a, b, epsilons, exhaustive):
    # Rounding would give a set that spans 8 dimensions others of 1e-5, whose rank is a matter of taste.
    if exhaustive:
        a, b = np.round(a, 4), np.round(b, 4)
    found = {
        "name": name, "samples": a.shape[0], "unitsA": a.shape[1], "unitsB": b.shape[1],
        "data": np.hstack([a, b]).ravel().tolist(),
        "residualA": [residual(a[:, i], b) for i in range(a.shape[1])],
        "residualB": [residual(b[:, j], a) for j in range(b.shape[1])],
        "points": [],
    }
    for epsilon in epsilons:
        xs, ys = maximum(a, b, epsilon)
        point = {"epsilon": epsilon, "x": xs, "y": ys}
        if exhaustive:
            point["minimal"] = minimal(a, b, epsilon)
        found["points"].append(point)
    return found


def main():
    n = 40
    relu = lambda m: np.maximum(m, 0)
    u = rng.normal(size=(n, 6))
    pairs = case("a twin, a rotated pair, own units", np.c_[u[:, 0] + 1, u[:, 1], u[:, 2], u[:, 3]],
                 np.c_[2 * u[:, 0] + 2, u[:, 1] + u[:, 2], u[:, 1] - u[:, 2], u[:, 4]] + 0.02 * rng.normal(size=(n, 4)),
                 [0.5, 0.2, 0.1, 0.001], True)
    noisy = case("rectified and noisy", relu(u[:, :4] + 0.3), relu(u[:, [1, 0, 3, 2]] @ (np.eye(4) + 0.3) + 0.2 * rng.normal(size=(n, 4))),
                 [0.6, 0.45, 0.3], True)
    basis = rng.normal(size=(60, 8))
    large = case("shared subspace of 8 in 20 and 16 units", np.c_[basis @ rng.normal(size=(8, 12)), rng.normal(size=(60, 8))],
                 np.c_[basis @ rng.normal(size=(8, 10)), rng.normal(size=(60, 6))], [0.7, 0.5, 0.25, 0.05], False)
    document = {
        "generator": "tests/reference/generate_neighbourhood_reference.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "cases": [pairs, noisy, large],
    }
    target = Path(__file__).resolve().parent / "neighbourhood-reference.json"
    target.write_text(json.dumps(document, allow_nan=False) + "\n")
    for c in document["cases"]:
        for p in c["points"]:
            print(c["name"], p["epsilon"], len(p["x"]), len(p["y"]), p.get("minimal"))
    print(target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
