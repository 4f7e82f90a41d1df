"""Writes mapping-and-subspaces-reference.json: lasso paths by scikit-learn; canonical correlations, CKA, Procrustes,
regression by numpy and scipy from the data themselves (QR and SVD, not moments). The moments that the kernels read
are stored beside. Run: python3 tests/reference/generate_mapping_and_subspaces_reference.py"""
import json
import pathlib
import warnings

import numpy as np
import scipy
import scipy.optimize
import sklearn
from sklearn.linear_model import Ridge, lasso_path

warnings.filterwarnings("ignore")
alphas = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001]


def data(name, n, p, q, random):
    z = random.standard_normal((n, 4))
    x = z @ random.standard_normal((4, p)) + random.standard_normal((n, p))
    y = z @ random.standard_normal((4, q)) + random.standard_normal((n, q))
    if name == "near-duplicate":
        x[:, 1] = x[:, 0] + 1e-3 * random.standard_normal(n)
        y[:, 1] = x[:, 0] + 1e-2 * random.standard_normal(n)
    if name == "ill-conditioned":
        x = x * 10.0 ** (-np.arange(p) / 4)
    if name == "large offset":
        x, y = x + 1e4, y - 1e4
    if name == "sparse mixture":
        y = np.stack([x[:, 3 * j % p] + 0.5 * x[:, (3 * j + 1) % p] for j in range(q)], 1)
        y += 0.1 * random.standard_normal((n, q))
    return x, y


def orthonormal(x):
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    return u[:, s**2 > 1e-8 * s[0] ** 2]


cases = []
for name, n, p, q in [
    ("tall", 400, 8, 6),
    ("wide", 12, 16, 10),
    ("near-duplicate", 300, 6, 7),
    ("ill-conditioned", 300, 8, 5),
    ("large offset", 200, 7, 7),
    ("sparse mixture", 500, 12, 6),
    ("tiny", 5, 3, 3),
]:
    random = np.random.default_rng(len(cases) + 11)
    x, y = data(name, n, p, q, random)
    xc, yc = x - x.mean(0), y - y.mean(0)
    both = np.hstack([xc, yc])
    xs, ys = xc / xc.std(0), yc / yc.std(0)
    losses = []
    for j in range(q):
        _, w, _ = lasso_path(xs, ys[:, j], alphas=alphas, tol=1e-12, max_iter=1_000_000)
        losses.append([float(0.5 * np.mean((ys[:, j] - xs @ w[:, a]) ** 2)) for a in range(len(alphas))])
    qx, qy = orthonormal(xc), orthonormal(yc)
    rho = np.minimum(1, np.linalg.svd(qx.T @ qy, compute_uv=False))
    cka = np.linalg.norm(xc.T @ yc) ** 2 / np.linalg.norm(xc.T @ xc) / np.linalg.norm(yc.T @ yc)
    nuclear = np.linalg.svd(xc.T @ yc, compute_uv=False).sum() / np.linalg.norm(xc) / np.linalg.norm(yc)
    predicted = xc @ np.linalg.lstsq(xc, yc, rcond=1e-4)[0]
    penalty = 0.01 * np.sum(xc**2) / p
    ridge = Ridge(alpha=penalty, fit_intercept=False, solver="svd").fit(xc, yc).predict(xc)
    share = lambda fit: float(1 - np.sum((yc - fit) ** 2) / np.sum(yc**2))
    spectrum = np.linalg.svd(xc, compute_uv=False) ** 2
    k, l = xc @ xc.T, yc @ yc.T

    def hsic(a, b):
        a, b = a - np.diag(np.diag(a)), b - np.diag(np.diag(b))
        one = np.ones(n)
        return np.trace(a @ b) + (one @ a @ one) * (one @ b @ one) / (n - 1) / (n - 2) - 2 / (n - 2) * (one @ a @ b @ one)

    own = hsic(k, k) * hsic(l, l)
    cases.append(
        {
            "name": name,
            "n": n,
            "p": p,
            "q": q,
            "mean": np.hstack([x, y]).mean(0).tolist(),
            "m2": (both.T @ both).ravel().tolist(),
            "norms": [float(v) for v in (np.sum(np.diag(k) ** 2), np.sum(np.diag(l) ** 2), np.sum(np.diag(k) * np.diag(l)))],
            "lassoLoss": losses,
            "rho": rho.tolist(),
            "linearCka": float(cka),
            "debiasedCka": float(hsic(k, l) / np.sqrt(own)) if own > 0 else None,
            "procrustes": float(nuclear),
            "leastSquares": share(predicted) if name != "ill-conditioned" else None,
            "ridge": share(ridge),
            "participation": float(spectrum.sum() ** 2 / np.sum(spectrum**2)),
        }
    )

random = np.random.default_rng(5)
score = random.standard_normal((6, 9))
rows = np.repeat(np.repeat(score, 3, 0), 2, 1)
i, j = scipy.optimize.linear_sum_assignment(rows, maximize=True)
result = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__},
    "alphas": alphas,
    "cases": cases,
    "transport": {"score": score.ravel().tolist(), "p": 6, "q": 9, "total": float(rows[i, j].mean())},
}
path = pathlib.Path(__file__).with_name("mapping-and-subspaces-reference.json")
path.write_text(json.dumps(result) + "\n")
