#!/usr/bin/env python3
"""Independent reference for the sample networks: unit statistics, correlations and matchings in float64.

    python3 tests/reference/generate_samples_reference.py

Reads samples/*.onnx and samples/digits.npz, runs all test images in float64 (PyTorch), computes moments
in two passes (means first, then products of centred values; no one-pass cancellation) and the assignment
with scipy. Writes, next to this file,

  samples-reference.json   what was computed, versions, scalars, and where each array lies in the .bin
  samples-reference.bin    little-endian float64; an array is {"offset": bytes, "shape": [...]}, row-major

Fold: every image (`folds: none`). Statistics are those of docs methods.md section 1:
std is the population's; kurtosis m4 / m2^2 (3 for a normal variable); lifetimeSparseness
(1 - E[|x|]^2 / E[x^2]) / (1 - 1/n); both are NaN where undefined (a unit that never changes, a unit that is always 0). A unit
whose std is 0 is dead and all its correlations are 0.
"""

import hashlib
import json
import platform
from pathlib import Path

import numpy as np
import scipy
import torch
from scipy.optimize import linear_sum_assignment

from onnx_digits import LAYERS, Network, as_samples, capture, load_images, scaled

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent.parent / "samples"
NETWORKS = ("Net1", "Net2", "Net3", "Net4", "Net5")
SEEDS = NETWORKS[:4]
PAIRS = [(a, b) for i, a in enumerate(SEEDS) for b in SEEDS[i + 1 :]] + [("Net1", "Net5")]
CHUNK = 100


def passes(networks, images, dtype):
    """Yields per chunk of images {(network, layer): samples x units in float64}."""
    taken = {name: capture(network) for name, network in networks.items()}
    for start in range(0, len(images), CHUNK):
        batch = scaled(images[start : start + CHUNK], dtype)
        with torch.no_grad():
            for network in networks.values():
                network(batch)
        yield {(n, l): as_samples(taken[n][l]).astype(np.float64) for n in networks for l in LAYERS}


def first_pass(networks, images, dtype):
    """Sums that need no centring: n, sum, sum of squares, zeros, min, max, first value."""
    total = {}
    for chunk in passes(networks, images, dtype):
        for key, x in chunk.items():
            part = [len(x), x.sum(0), np.square(x).sum(0), (x == 0).sum(0), x.min(0), x.max(0)]
            old = total.get(key)
            if old is None:
                total[key] = part
            else:
                summed = [a + b for a, b in zip(old[:4], part[:4])]
                total[key] = summed + [np.minimum(old[4], part[4]), np.maximum(old[5], part[5])]
    return total


def second_pass(networks, images, dtype, means):
    """Joint centred products of all networks per layer, and fourth central moments per unit."""
    joint, fourth = {}, {}
    for chunk in passes(networks, images, dtype):
        for layer in LAYERS:
            centred = np.concatenate([chunk[n, layer] - means[n, layer] for n in networks], axis=1)
            joint[layer] = joint.get(layer, 0) + centred.T @ centred
            fourth[layer] = fourth.get(layer, 0) + np.square(np.square(centred)).sum(0)
    return joint, fourth


def unit_statistics(first, centred2, centred4):
    n, total, squares, zeros, low, high = first
    constant = low == high
    variance = np.where(constant, 0.0, centred2 / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        kurtosis = np.where(constant, np.nan, (centred4 / n) / variance**2)
        sparseness = (1 - (total / n) ** 2 / (squares / n)) / (1 - 1 / n)
    return {
        "mean": total / n, "std": np.sqrt(variance), "zeroFraction": zeros / n, "min": low, "max": high,
        "kurtosis": kurtosis, "lifetimeSparseness": sparseness,
    }


def correlate(products, n, std_a, std_b):
    scale = np.outer(std_a, std_b)
    return np.divide(products / n, scale, out=np.zeros_like(scale), where=scale > 0)


def matching(c):
    """Semi-matching and optimal assignment of one correlation matrix.

    `margin` is what the total loses when the best solution without one of its pairs of live units is taken
    instead (the smallest over all such pairs): how far the assignment is from being ambiguous. Pairs with
    a dead unit (a row or column of zeros) are arbitrary. `semiMargin`: the smallest lead of a live unit's best
    correlation over its second best.
    """
    live_rows, live_columns = c.any(1), c.any(0)
    rows, columns = linear_sum_assignment(c, maximize=True)
    total = c[rows, columns].sum()
    margin = np.inf
    for row, column in zip(rows, columns):
        if not (live_rows[row] and live_columns[column]):
            continue
        without = c.copy()
        without[row, column] = -4.0 * len(c)
        r, k = linear_sum_assignment(without, maximize=True)
        margin = min(margin, total - c[r, k].sum())
    semi = c.argmax(1)
    match = np.full(len(c), -1)
    match[rows] = columns
    best_two = np.sort(c[live_rows], axis=1)[:, -2:]
    return {
        "semi": semi.tolist(), "match": match.tolist(), "semiMean": c.max(1).mean(),
        "matchTotal": total, "matchMean": total / len(rows),
        "agreement": float((semi[rows] == columns).mean()), "margin": margin,
        "semiMargin": float((best_two[:, 1] - best_two[:, 0]).min()),
    }


class Binary:
    """Arrays one after the other in one little-endian float64 file."""

    def __init__(self):
        self.parts, self.size = [], 0

    def add(self, array):
        entry = {"offset": self.size, "shape": list(np.shape(array))}
        self.parts.append(np.ascontiguousarray(array, dtype="<f8").tobytes())
        self.size += len(self.parts[-1])
        return entry


def compute(images, dtype=torch.float64):
    """{(net, layer): statistics}, {(a, b, layer): correlation}, {layer: samples}."""
    networks = {name: Network(SAMPLES / f"{name.lower()}.onnx", dtype) for name in NETWORKS}
    first = first_pass(networks, images, dtype)
    joint, fourth = second_pass(networks, images, dtype, {key: f[1] / f[0] for key, f in first.items()})
    statistics, correlations = {}, {}
    for layer in LAYERS:
        ends = np.cumsum([len(first[n, layer][1]) for n in NETWORKS])
        span = {n: slice(end - len(first[n, layer][1]), end) for n, end in zip(NETWORKS, ends)}
        for n in NETWORKS:
            centred2 = joint[layer].diagonal()[span[n]]
            statistics[n, layer] = unit_statistics(first[n, layer], centred2, fourth[layer][span[n]])
        for a, b in PAIRS + [(n, n) for n in NETWORKS]:
            std = statistics[a, layer]["std"], statistics[b, layer]["std"]
            correlations[a, b, layer] = correlate(joint[layer][span[a], span[b]], first[a, layer][0], *std)
    return statistics, correlations, {layer: int(first["Net1", layer][0]) for layer in LAYERS}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def describe(images, statistics, correlations, samples):
    """The JSON document and the binary it points into."""
    binary = Binary()
    files = [SAMPLES / "digits.npz"] + [SAMPLES / f"{name.lower()}.onnx" for name in NETWORKS]
    document = {
        "generator": "tests/reference/generate_samples_reference.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                     "torch": torch.__version__},
        "inputs": {path.name: digest(path) for path in files},
        "images": len(images),
        "samples": samples,
        "statistics": [
            {"network": n, "layer": layer, "dead": np.flatnonzero(values["std"] == 0).tolist(),
             **{key: binary.add(array) for key, array in values.items()}}
            for (n, layer), values in statistics.items()
        ],
        "within": [
            {"network": a, "layer": layer, "correlation": binary.add(c)}
            for (a, b, layer), c in correlations.items() if a == b
        ],
        "between": [
            {"a": a, "b": b, "layer": layer, "correlation": binary.add(c), **matching(c)}
            for (a, b, layer), c in correlations.items() if a != b
        ],
    }
    return document, b"".join(binary.parts)


def main():
    torch.set_num_threads(2)
    images, _labels = load_images(SAMPLES / "digits.npz")
    document, binary = describe(images, *compute(images))
    document["binary"] = {"file": "samples-reference.bin", "sha256": hashlib.sha256(binary).hexdigest()}
    (HERE / "samples-reference.bin").write_bytes(binary)
    (HERE / "samples-reference.json").write_text(json.dumps(document, allow_nan=False) + "\n")
    for entry in document["between"]:
        print(f"{entry['a']}-{entry['b']} {entry['layer']}: semi-match {entry['semiMean']:.4f}, match {entry['matchMean']:.4f}, "
              f"agreement {entry['agreement']:.3f}, margins {entry['margin']:.1e} {entry['semiMargin']:.1e}")
    print("dead:", {f"{e['network']} {e['layer']}": len(e["dead"]) for e in document["statistics"] if e["dead"]})


if __name__ == "__main__":
    main()
