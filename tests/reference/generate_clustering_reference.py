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
from sklearn.metrics import adjusted_rand_score

from peer_clustering import affinity, best_cut, laplacian

warnings.filterwarnings("ignore")


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
        best = {k: best_cut(w, k) for k in ((4,) if p < 10 else (4, 8))}
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
