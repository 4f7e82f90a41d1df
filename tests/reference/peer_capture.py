#!/usr/bin/env python3
"""The plain script a researcher would write instead: PyTorch hooks, NumPy products, SciPy matching.

    python3 tests/reference/peer_capture.py                     # the demo: 4 networks, 4 layers, 6 pairs
    python3 tests/reference/peer_capture.py --activations-only  # only the accumulation, activations in RAM

Prints one JSON object. It is the peer that `npm run bench` compares with, on the same machine in the same run.

Default mode, per batch: every network runs under hooks; each layer becomes samples x units in float32; sums
and the products X.T @ Y within each network and between every pair are added up in float64; then correlations
and scipy's assignment. `totalSeconds` counts from reading the networks, `processSeconds` from
the start of the interpreter (imports included); `inferenceSeconds`, `productSeconds`, `matchingSeconds`
are parts of it.

--activations-only holds every post-ReLU activation in RAM as the networks gave it ([N, C, H, W]) and times only
the accumulation. Its flop count is 2 * samples * unitsA * unitsB per product, `products` of them
per layer (4 within + 6 between); the sums and the transposition are not counted as flops but are timed.
`sgemmGflops` is NumPy's plain float32 product of two 2048 x 2048 matrices; `sgemmTallGflops` that of
X.T @ Y for [50176 x 64] matrices, the shape of this work. All GFLOP/s are the best of `repeats`.
"""

import argparse
import json
import os
import platform
import resource
import time

STARTED = time.time()
THREADS = "2"
os.environ.setdefault("OPENBLAS_NUM_THREADS", THREADS)
os.environ.setdefault("OMP_NUM_THREADS", THREADS)

from itertools import combinations  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import scipy  # noqa: E402
import torch  # noqa: E402
from scipy.optimize import linear_sum_assignment  # noqa: E402

from onnx_digits import LAYERS, Network, as_samples, capture, load_images, scaled  # noqa: E402

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
NETWORKS = ("Net1", "Net2", "Net3", "Net4")
PAIRS = list(combinations(NETWORKS, 2))
PRODUCTS = [(n, n) for n in NETWORKS] + PAIRS


class Moments:
    """n, sums and products of one layer, all networks: float32 per batch, float64 in total."""

    def __init__(self):
        self.count, self.sums, self.products = 0, {}, {}

    def add(self, views):
        self.count += len(views[NETWORKS[0]])
        for name, x in views.items():
            self.sums[name] = self.sums.get(name, 0) + x.sum(0, dtype=np.float64)
        for a, b in PRODUCTS:
            self.products[a, b] = self.products.get((a, b), 0) + (views[a].T @ views[b]).astype(np.float64)

    def correlation(self, a, b):
        mean = {name: total / self.count for name, total in self.sums.items()}
        std = {n: np.sqrt(np.maximum(self.products[n, n].diagonal() / self.count - mean[n] ** 2, 0)) for n in (a, b)}
        covariance = self.products[a, b] / self.count - np.outer(mean[a], mean[b])
        scale = np.outer(std[a], std[b])
        return np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 0)


def peak_rss_mb():
    """ru_maxrss is KiB on Linux; MB = 10^6 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def process_age():
    """Seconds since this process started, imports included (Linux: /proc; else since this module began)."""
    try:
        ticks = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
        return float(Path("/proc/uptime").read_text().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return time.time() - STARTED


def load_networks():
    networks = {name: Network(SAMPLES / f"{name.lower()}.onnx", torch.float32).eval() for name in NETWORKS}
    return networks, {name: capture(network) for name, network in networks.items()}


def match(moments):
    """{(a, b, layer): [mean semi-match, mean match]}."""
    result = {}
    for layer, held in moments.items():
        for a, b in PAIRS:
            c = held.correlation(a, b)
            rows, columns = linear_sum_assignment(c, maximize=True)
            result[f"{a}-{b} {layer}"] = [c.max(1).mean(), c[rows, columns].mean()]
    return result


def run_demo(batch):
    started = time.perf_counter()
    networks, taken = load_networks()
    images, _labels = load_images(SAMPLES / "digits.npz")
    moments = {layer: Moments() for layer in LAYERS}
    inference = products = 0.0
    for start in range(0, len(images), batch):
        inputs = scaled(images[start : start + batch], torch.float32)
        t0 = time.perf_counter()
        with torch.no_grad():
            for network in networks.values():
                network(inputs)
        t1 = time.perf_counter()
        for layer in LAYERS:
            moments[layer].add({name: as_samples(taken[name][layer]) for name in NETWORKS})
        inference, products = inference + t1 - t0, products + time.perf_counter() - t1
    t2 = time.perf_counter()
    scores = match(moments)
    ended = time.perf_counter()
    return {
        "mode": "demo", "images": len(images), "totalSeconds": ended - started, "processSeconds": process_age(),
        "inferenceSeconds": inference, "productSeconds": products, "matchingSeconds": ended - t2,
        "imagesPerSecond": len(images) / (ended - started), "scores": scores,
    }


def hold_activations(batch):
    """[{(network, layer): tensor}] per batch, and the number of images."""
    networks, taken = load_networks()
    images, _labels = load_images(SAMPLES / "digits.npz")
    batches = []
    with torch.no_grad():
        for start in range(0, len(images), batch):
            inputs = scaled(images[start : start + batch], torch.float32)
            for network in networks.values():
                network(inputs)
            batches.append({(n, l): taken[n][l] for n in NETWORKS for l in LAYERS})
    return batches, len(images)


def accumulate(batches):
    moments = {layer: Moments() for layer in LAYERS}
    for held in batches:
        for layer in LAYERS:
            moments[layer].add({name: as_samples(held[name, layer]) for name in NETWORKS})
    return moments


def flops(moments):
    return sum(
        2 * held.count * len(held.sums[a]) * len(held.sums[b]) for held in moments.values() for a, b in PRODUCTS
    )


def best_seconds(work, repeats):
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - started)
    return min(seconds), seconds, result


def sgemm_gflops(rows, units, repeats):
    random = np.random.default_rng(0)
    x, y = (random.random((rows, units), dtype=np.float32) for _ in range(2))
    return 2 * rows * units * units / best_seconds(lambda: x.T @ y, repeats)[0] / 1e9


def run_accumulation(batch, repeats):
    batches, count = hold_activations(batch)
    seconds, all_seconds, moments = best_seconds(lambda: accumulate(batches), repeats)
    counted = flops(moments)
    return {
        "mode": "activations-only", "images": count, "accumulationSeconds": seconds, "allSeconds": all_seconds,
        "imagesPerSecond": count / seconds, "flops": counted, "gflops": counted / seconds / 1e9,
        "products": len(PRODUCTS), "repeats": repeats,
        "sgemmGflops": sgemm_gflops(2048, 2048, repeats), "sgemmTallGflops": sgemm_gflops(50176, 64, repeats),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--activations-only", action="store_true", help="time only the accumulation of given activations")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=5, help="of each timing in --activations-only")
    options = parser.parse_args()
    torch.set_num_threads(int(THREADS))
    run = run_accumulation(options.batch, options.repeats) if options.activations_only else run_demo(options.batch)
    run.update(
        batch=options.batch, threads=int(THREADS), peakRssMb=peak_rss_mb(),
        versions={"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "torch": torch.__version__},
    )
    print(json.dumps(run))


if __name__ == "__main__":
    main()
