#!/usr/bin/env python3
"""Independent reference for the ladder of alignment on the samples: Net1 and Net2 at conv2 and conv3.

    python3 tests/reference/generate_samples_ladder_reference.py

Writes, next to this file, samples-ladder.json and samples-ladder.bin.gz. Two sets per layer:

  one     one seeded position an image (2,000 samples). The activations themselves are stored, rounded to uint16
          steps of a power of two, so that both sides count the very same numbers: tolerances can be tight.
  all     every position of every image, in float64 (PyTorch); what the whole product is compared with. Float32
          inference differs by about 1e-6 of a layer's scale.

Of each: lasso losses by scikit-learn's lasso_path, the ten least eigenvalues of the normalised Laplacian of |r| by
scipy, the best normalised cut of 100 starts of scikit-learn, canonical correlations by QR and SVD of the data, linear
CKA, Procrustes likeness. Of `one` also mutual information of all pairs of units by numpy.histogram2d on a bin of zeros
(below 1e-6) and nine equal-frequency bins by numpy.percentile.

Binary: sections one after the other, {"offset", "dtype", "shape"} in the JSON, gzip around all.
"""

import gzip
import json
import platform
import warnings
from pathlib import Path

import numpy as np
import scipy
import scipy.linalg
import sklearn
import torch
from sklearn.linear_model import lasso_path

from generate_samples_reference import SAMPLES, digest
from onnx_digits import Network, as_samples, capture, load_images, scaled
from peer_clustering import affinity, best_cut, laplacian

HERE = Path(__file__).resolve().parent
LAYERS = ("conv2", "conv3")
NETWORKS = ("Net1", "Net2")
ALPHAS = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001]
LASSO_TOLERANCE = 1e-11
BINS = 10
CHUNK = 100


def activations(images):
    """{layer: [samples x units of Net1, samples x units of Net2]} in float64, images x positions as samples."""
    networks = [Network(SAMPLES / f"{name.lower()}.onnx", torch.float64) for name in NETWORKS]
    taken = [capture(network) for network in networks]
    parts = {layer: ([], []) for layer in LAYERS}
    for start in range(0, len(images), CHUNK):
        with torch.no_grad():
            for side, network in enumerate(networks):
                network(scaled(images[start : start + CHUNK], torch.float64))
                for layer in LAYERS:
                    parts[layer][side].append(as_samples(taken[side][layer]).copy())
    return {layer: [np.concatenate(side) for side in sides] for layer, sides in parts.items()}


def one_position(x, y, images, rng):
    positions = len(x) // images
    rows = np.arange(images) * positions + rng.integers(0, positions, images)
    return x[rows], y[rows]


def rounded(values):
    """uint16 codes and the power of two they are multiples of."""
    step = 2.0 ** np.ceil(np.log2(values.max() / 65535))
    return np.round(values / step).astype(np.uint16), step


def standardised(x):
    return (x - x.mean(0)) / x.std(0)


def lasso_losses(x, y):
    """[alphas][targets of y]: 1/2 mean squared residual. R of a QR of all columns has the data's own products."""
    rows = np.linalg.qr(np.hstack([standardised(x), standardised(y)]), mode="r") / np.sqrt(len(x))
    rows *= np.sqrt(len(rows))
    z, targets = np.ascontiguousarray(rows[:, : x.shape[1]]), rows[:, x.shape[1] :]
    gram = np.ascontiguousarray(z.T @ z)
    losses, largest = [], 0.0
    for target in targets.T:
        target = np.ascontiguousarray(target)
        _, w, gap = lasso_path(z, target, alphas=ALPHAS, precompute=gram, Xy=z.T @ target, tol=LASSO_TOLERANCE,
                               max_iter=5_000_000)
        losses.append([float(((target - z @ w[:, k]) ** 2).mean() / 2) for k in range(len(ALPHAS))])
        largest = max(largest, float(np.max(gap)))
    return np.transpose(losses).tolist(), largest


def subspaces(x, y):
    x, y = x - x.mean(0), y - y.mean(0)
    rho = np.linalg.svd(np.linalg.qr(x)[0].T @ np.linalg.qr(y)[0], compute_uv=False)
    xx, yy, xy = x.T @ x, y.T @ y, x.T @ y
    return {
        "rho": np.minimum(rho, 1).tolist(),
        "conditions": [float(np.linalg.cond(x)), float(np.linalg.cond(y))],
        "cka": float((xy**2).sum() / (np.linalg.norm(xx) * np.linalg.norm(yy))),
        "procrustes": float(np.linalg.svd(xy, compute_uv=False).sum() / (np.linalg.norm(x) * np.linalg.norm(y))),
    }


def clusters(x, y):
    w = affinity(np.corrcoef(np.hstack([x, y]), rowvar=False), "abs")
    return {
        "eigenvalues": scipy.linalg.eigh(laplacian(w), eigvals_only=True)[:10].tolist(),
        "ncut": {k: float(best_cut(w, k)) for k in (4, 8)},
    }


def bins_of(values):
    above = values[values >= 1e-6]
    edges = np.percentile(above, 100 * np.arange(1, BINS - 1) / (BINS - 1))
    return np.searchsorted(np.concatenate([[1e-6], edges]), values, side="left")


def mutual_information(x, y):
    def pair(i, j):
        counts = np.histogram2d(i, j, bins=[np.arange(BINS + 1) - 0.5] * 2)[0]
        p = counts / counts.sum()
        expected = np.outer(p.sum(1), p.sum(0))
        filled = p > 0
        return (p[filled] * np.log(p[filled] / expected[filled])).sum()

    columns = [np.apply_along_axis(bins_of, 0, side) for side in (x, y)]
    return np.array([[pair(i, j) for j in columns[1].T] for i in columns[0].T])


class Sections:
    def __init__(self):
        self.parts, self.size = [], 0

    def add(self, array, dtype):
        entry = {"offset": self.size, "dtype": dtype, "shape": list(array.shape)}
        self.parts.append(np.ascontiguousarray(array, dtype="<f8" if dtype == "float64" else "<u2").tobytes())
        self.parts.append(b"\0" * (-len(self.parts[-1]) % 8))
        self.size = sum(map(len, self.parts))
        return entry


def describe(x, y):
    assert x.std(0).min() > 0 and y.std(0).min() > 0, "a unit is constant"
    losses, gap = lasso_losses(x, y)
    return {"samples": len(x), "lassoLoss": losses, "lassoGap": gap, **clusters(x, y), **subspaces(x, y)}


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(2)
    images, _labels = load_images(SAMPLES / "digits.npz")
    rng = np.random.default_rng(20151124)
    sections, layers = Sections(), []
    for layer, (x, y) in activations(images).items():
        codes, steps = zip(*(rounded(side) for side in one_position(x, y, len(images), rng)))
        one = [code * step for code, step in zip(codes, steps)]
        entry = {
            "layer": layer,
            "units": [x.shape[1], y.shape[1]],
            "steps": steps,
            "codes": [sections.add(code, "uint16") for code in codes],
            "mutualInformation": sections.add(mutual_information(*one), "float64"),
            "one": describe(*one),
            "all": describe(x, y),
        }
        layers.append(entry)
        for name in ("one", "all"):
            held = entry[name]
            print(layer, name, entry["units"], held["samples"], "gap", held["lassoGap"], "conditions", held["conditions"],
                  "cca", np.mean(held["rho"]), "cka", held["cka"], "ncut", held["ncut"], flush=True)
    files = [SAMPLES / "digits.npz"] + [SAMPLES / f"{name.lower()}.onnx" for name in NETWORKS]
    document = {
        "generator": "tests/reference/generate_samples_ladder_reference.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                     "scikit-learn": sklearn.__version__, "torch": torch.__version__},
        "inputs": {path.name: digest(path) for path in files},
        "alphas": ALPHAS,
        "bins": BINS,
        "layers": layers,
    }
    (HERE / "samples-ladder.bin.gz").write_bytes(gzip.compress(b"".join(sections.parts), 9, mtime=0))
    (HERE / "samples-ladder.json").write_text(json.dumps(document, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
