#!/usr/bin/env python3
"""Reference lasso paths by sklearn.linear_model.lasso_path on the Gram matrix.

    python3 tests/reference/generate_sparse_mapping_reference.py

Writes sparse-mapping-reference.json. Data are stored as small integers (value x 1000), so the test forms the moments
by itself. Losses come from the residuals of sklearn's weights on the data, not from moments.
"""

import json
import platform
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.linear_model import lasso_path

ALPHAS = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001]
TOLERANCE = 1e-13


def mixtures(rng, n, p, q, noise):
    x = np.maximum(rng.standard_normal((n, p)) + 0.3 * rng.standard_normal((n, 1)), 0)
    w = np.zeros((p, q))
    for t in range(q):
        w[rng.choice(p, min(3, p), replace=False), t] = rng.choice([-1, 1], min(3, p)) * rng.uniform(0.6, 1.4, min(3, p))
    return x, x @ w + noise * rng.standard_normal((n, q))


def regimes():
    rng = np.random.default_rng(20151122)
    yield "tall", *mixtures(rng, 200, 8, 4, 0.3)
    yield "wide", *mixtures(rng, 12, 20, 3, 0.1)
    x, y = mixtures(rng, 120, 10, 3, 0.2)
    base = x[:, :3]
    yield "ill-conditioned", base @ rng.standard_normal((3, 10)) + 0.02 * rng.standard_normal((120, 10)), y
    x, y = mixtures(rng, 120, 5, 3, 0.2)
    yield "near-duplicates", np.hstack([x, x + 0.01 * rng.standard_normal(x.shape)]), y
    x, y = mixtures(rng, 120, 8, 3, 0.2)
    yield "large offset", x + 1000, y - 5000
    x, y = mixtures(rng, 80, 8, 4, 0.2)
    x[:, 2], y[:, 1] = 0.7, 0
    yield "dead units", x, y
    yield "tiny N", *mixtures(rng, 3, 5, 3, 0.1)


def case(name, x, y):
    x, y = np.round(x * 1000).astype(int), np.round(y * 1000).astype(int)
    live_x, live_y = x.std(0) > 0, y.std(0) > 0
    z = ((x - x.mean(0)) / np.where(live_x, x.std(0), 1))[:, live_x]
    t = ((y - y.mean(0)) / np.where(live_y, y.std(0), 1))[:, live_y]
    losses, gaps, squares = [], [], []
    for target in t.T:
        _, w, gap = lasso_path(z, target, alphas=ALPHAS, precompute=np.ascontiguousarray(z.T @ z), Xy=z.T @ target,
                               tol=TOLERANCE, max_iter=2_000_000)
        losses.append([float(((target - z @ w[:, k]) ** 2).mean() / 2) for k in range(len(ALPHAS))])
        gaps.append(float(gap.max()))
        squares.append(float(((target - z @ np.linalg.lstsq(z, target, rcond=1e-6)[0]) ** 2).mean() / 2))
    return {"name": name, "n": len(x), "sources": x.shape[1], "targets": y.shape[1], "x": x.ravel().tolist(),
            "y": y.ravel().tolist(), "liveTargets": np.flatnonzero(live_y).tolist(), "loss": losses,
            "largestGap": max(gaps), "leastSquares": squares}


def main():
    warnings.simplefilter("ignore")
    document = {
        "generator": "tests/reference/generate_sparse_mapping_reference.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                     "scikit-learn": sklearn.__version__},
        "alphas": ALPHAS,
        "cases": [case(*regime) for regime in regimes()],
    }
    target = Path(__file__).resolve().parent / "sparse-mapping-reference.json"
    target.write_text(json.dumps(document, allow_nan=False) + "\n")
    for entry in document["cases"]:
        print(entry["name"], entry["largestGap"])


if __name__ == "__main__":
    main()
