"""Writes subspace-frames-reference.json: principal components of one network's units and of the units' correlation
profiles, and the nearest profiles, by numpy from the data themselves (SVD, np.corrcoef and differences of rows, not
moments or products). Run: python3 tests/reference/generate_subspace_frames_reference.py"""
import json
import pathlib

import numpy as np


def largest_positive(vectors):
    for row in vectors:
        size = np.abs(row)
        first = np.argmax(size >= size.max() * (1 - 1e-9))
        row *= np.sign(row[first])
    return vectors


cases = []
for name, n, p, q in [("tall", 400, 9, 7), ("wide", 12, 16, 10), ("correlated", 300, 20, 12), ("tiny", 5, 2, 1)]:
    random = np.random.default_rng(len(cases) + 3)
    z = random.standard_normal((n, 6))
    x = z @ random.standard_normal((6, p)) + 0.7 * random.standard_normal((n, p))
    y = z @ random.standard_normal((6, q)) + 0.7 * random.standard_normal((n, q))
    if name == "correlated":
        x *= 10.0 ** (np.arange(p) / 10)
    x, y = np.round(x, 6), np.round(y, 6)
    xc = x - x.mean(0)
    scores, s, vt = np.linalg.svd(xc, full_matrices=False)
    vt = largest_positive(vt.copy())
    d = min(4, int(np.sum(s**2 > 1e-8 * s[0] ** 2)))
    own = [[float(np.corrcoef(x[:, j], xc @ vt[k])[0, 1]) for k in range(d)] for j in range(p)]
    c = np.corrcoef(np.hstack([x, y]).T)
    u, t, wt = np.linalg.svd(c - c.mean(0), full_matrices=False)
    wt = largest_positive(wt.copy())
    e = min(4, p + q - 1)
    distance = np.linalg.norm(c[:, None] - c[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    k = min(5, p + q - 1)
    order = np.argsort(distance, axis=1, kind="stable")[:, :k]
    cases.append(
        {
            "name": name,
            "n": n,
            "p": p,
            "q": q,
            "samples": np.hstack([x, y]).ravel().tolist(),
            "own": own,
            "ownShare": (s**2 / np.sum(s**2))[:d].tolist(),
            "scores": ((c - c.mean(0)) @ wt[:e].T).tolist(),
            "share": (t**2 / np.sum(t**2))[:e].tolist(),
            "nearest": order.tolist(),
            "distance": np.take_along_axis(distance, order, 1).tolist(),
        }
    )
path = pathlib.Path(__file__).with_name("subspace-frames-reference.json")
path.write_text(json.dumps({"numpy": np.__version__, "cases": cases}) + "\n")
