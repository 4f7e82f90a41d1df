#!/usr/bin/env python3
"""Reference assignments by scipy.optimize.linear_sum_assignment(maximize=True).

    python3 tests/reference/generate_matching_reference.py

Writes matching-reference.json. No matrix is stored: each case names the recipe it is made by, all in integers or
in operations that IEEE 754 rounds the same everywhere, so any language rebuilds it bit for bit.

Generator: s <- (1664525 * s + 1013904223) mod 2^32 starting from `seed`; a draw takes the new s and
returns k = s >> 8 (24 bits). Cells are drawn row by row.

  uniform      k / 2^24 * 2 - 1
  ties         floor(k * 5 / 2^24) - 2                       (integers -2..2: many optimal solutions)
  negative     -(k / 2^24) - 1/2
  constant     0.25 in every cell (nothing is drawn)
  planted      like a correlation matrix of two nets that share features in another order: noise
               (k / 2^24 - 1/2) / 2 everywhere, then 1/2 added at (i, (7 i + 3) mod cols) for every row i
  dead         planted, then every row i with i mod 5 = 4 and every column j with j mod 7 = 6 set to 0

`total` is the maximum; `unique` says whether only one assignment reaches it (within 1e-9), and only then
are `rows` and `columns` the answer that every correct solver gives.
"""

import json
import platform
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import linear_sum_assignment

SQUARE = (1, 2, 3, 5, 8, 13, 24, 48, 64)
RECTANGULAR = ((1, 4), (4, 1), (2, 3), (7, 12), (12, 7), (24, 32), (32, 24), (48, 64), (64, 48), (5, 64), (64, 5))
KINDS = ("uniform", "ties", "negative", "constant", "planted", "dead")
LARGE = ((200, 150), (150, 200))


def draws(seed, count):
    """`count` 24-bit integers of the generator above, as float64 (exact)."""
    state, values = seed, np.empty(count)
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values[i] = state >> 8
    return values


def build(kind, rows, cols, seed):
    if kind == "constant":
        return np.full((rows, cols), 0.25)
    k = draws(seed, rows * cols).reshape(rows, cols)
    if kind == "uniform":
        return k / 2**24 * 2 - 1
    if kind == "ties":
        return np.floor(k * 5 / 2**24) - 2
    if kind == "negative":
        return -(k / 2**24) - 0.5
    matrix = (k / 2**24 - 0.5) / 2
    for i in range(rows):
        matrix[i, (7 * i + 3) % cols] += 0.5
    if kind == "dead":
        matrix[4::5, :] = 0
        matrix[:, 6::7] = 0
    return matrix


def best(matrix):
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return rows, columns, matrix[rows, columns].sum()


def is_unique(matrix, rows, columns, total):
    """True if every assignment without one of the chosen pairs is worse."""
    if matrix.size == 1:
        return True
    for row, column in zip(rows, columns):
        without = matrix.copy()
        without[row, column] = -1e6
        if total - best(without)[2] < 1e-9:
            return False
    return True


def case(kind, rows, cols, seed):
    matrix = build(kind, rows, cols, seed)
    chosen_rows, chosen_columns, total = best(matrix)
    return {
        "name": f"{kind} {rows}x{cols}", "kind": kind, "rows": rows, "cols": cols, "seed": seed,
        "cellSum": float(np.cumsum(matrix)[-1]),
        "total": float(total), "unique": is_unique(matrix, chosen_rows, chosen_columns, total),
        "matchRows": chosen_rows.tolist(), "matchColumns": chosen_columns.tolist(),
    }


def main():
    shapes = [(n, n) for n in SQUARE] + list(RECTANGULAR)
    jobs = [(kind, *shape) for kind in KINDS for shape in shapes] + [(k, *s) for k in ("uniform", "planted") for s in LARGE]
    document = {
        "generator": "tests/reference/generate_matching_reference.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        "note": "Matrices are rebuilt from kind, rows, cols and seed as the generator describes; cellSum (cells added one by one, row by row) checks the rebuilt matrix.",
        "cases": [case(*job, seed=1000 + i) for i, job in enumerate(jobs)],
    }
    target = Path(__file__).resolve().parent / "matching-reference.json"
    target.write_text(json.dumps(document, allow_nan=False) + "\n")
    print(f"{len(document['cases'])} cases, {sum(c['unique'] for c in document['cases'])} with one optimum, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
