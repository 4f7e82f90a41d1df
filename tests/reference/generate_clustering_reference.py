"""Writes clustering-reference.json: Laplacian eigenvalues, normalised cuts, Ward linkage and adjusted Rand indices by
scipy and scikit-learn. Run: python3 tests/reference/generate_clustering_reference.py"""
import json
import pathlib
import warnings

import numpy as np
import scipy
import scipy.cluster.hierarchy
import scipy.linalg
import sklearn
from sklearn.cluster import SpectralClustering
from sklearn.metrics import adjusted_rand_score

warnings.filterwarnings("ignore")


def affinity(c, kind):
    w = {"abs": np.abs(c), "positive": np.maximum(c, 0), "squared": c * c}[kind]
    np.fill_diagonal(w, 0)
    return w


def laplacian(w):
    d = w.sum(1)
    s = np.where(d > 0, 1 / np.sqrt(np.where(d > 0, d, 1)), 0)
    return np.eye(len(w)) - s[:, None] * w * s[None, :]


def ncut(w, labels):
    total = 0
    for label in set(labels):
        inside = labels == label
        volume = w[inside].sum()
        total += (volume - w[np.ix_(inside, inside)].sum()) / volume if volume > 0 else 0
    return total


def data(name, n, p, random):
    if name == "planted":
        z = random.standard_normal((n, 4))
        return z[:, np.arange(p) % 4] + 0.8 * random.standard_normal((n, p))
    if name == "near-duplicate":
        x = random.standard_normal((n, p // 2))
        return np.hstack([x, x + 1e-5 * random.standard_normal((n, p // 2))])
    if name == "ill-conditioned":
        return random.standard_normal((n, p)) @ np.diag(10.0 ** -np.arange(p)) @ random.standard_normal((p, p))
    return random.standard_normal((n, p))


cases = []
for name, n, p in [
    ("planted", 500, 48),
    ("independent", 300, 30),
    ("wide", 20, 40),
    ("near-duplicate", 200, 24),
    ("ill-conditioned", 200, 16),
    ("tiny", 5, 8),
]:
    random = np.random.default_rng(len(cases) + 1)
    x = data(name, n, p, random)
    c = np.corrcoef(x, rowvar=False)
    for kind in ["abs", "positive", "squared"]:
        w = affinity(c.copy(), kind)
        values = scipy.linalg.eigh(laplacian(w), eigvals_only=True)
        best = {}
        for k in (4,) if p < 10 else (4, 8):
            fits = [
                SpectralClustering(k, affinity="precomputed", n_init=10, random_state=seed).fit(w).labels_
                for seed in range(10)
            ]
            best[k] = min(ncut(w, labels) for labels in fits)
        cases.append(
            {
                "name": name,
                "kind": kind,
                "units": p,
                "correlation": c.ravel().tolist() if kind == "abs" else None,
                "eigenvalues": values[:10].tolist(),
                "ncut": best,
            }
        )

random = np.random.default_rng(9)
rows = random.standard_normal((40, 5))
one, other = random.integers(0, 4, 60), random.integers(0, 5, 60)
result = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__},
    "cases": cases,
    "ward": {"rows": rows.ravel().tolist(), "linkage": scipy.cluster.hierarchy.ward(rows).ravel().tolist()},
    "rand": {"one": one.tolist(), "other": other.tolist(), "score": adjusted_rand_score(one, other)},
}
path = pathlib.Path(__file__).with_name("clustering-reference.json")
path.write_text(json.dumps(result) + "\n")
