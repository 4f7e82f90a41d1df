"""Mutual information of all pairs of units: a one-hot float32 product, or a loop over numpy.histogram2d (some pairs,
scaled to all). Bin edges are given, as for the other side."""
import json
import sys
import time

import numpy as np

peer, units, samples, bins = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
random = np.random.default_rng(1)
x = np.maximum(0, random.random((samples, units), dtype=np.float32) - 0.5)
y = np.maximum(0, random.random((samples, units), dtype=np.float32) - 0.5)
positive = x[:, 0][x[:, 0] >= 1e-6]
edges = np.concatenate([[np.nextafter(1e-6, 0)], np.percentile(positive, 100 * np.arange(1, bins - 1) / (bins - 1))])


def information(counts):
    joint = counts / counts.sum(axis=(-2, -1), keepdims=True)
    product = joint.sum(-1, keepdims=True) * joint.sum(-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(joint > 0, joint * np.log(joint / product), 0).sum(axis=(-2, -1))


if peer == "one-hot product":
    started = time.perf_counter()
    counts = np.zeros((units * bins, units * bins), dtype=np.float64)
    step = 20_000
    for first in range(0, samples, step):
        hot = []
        for part in (x[first : first + step], y[first : first + step]):
            codes = np.searchsorted(edges, part, side="left")
            one = np.zeros((part.shape[0], units * bins), dtype=np.float32)
            np.put_along_axis(one, codes + bins * np.arange(units), 1, axis=1)
            hot.append(one)
        counts += hot[0].T @ hot[1]
    table = counts.reshape(units, bins, units, bins).transpose(0, 2, 1, 3)
    for row in table:
        information(row)
    seconds = time.perf_counter() - started
else:
    pairs = 40
    full = np.concatenate([[-1], edges, [10]])
    started = time.perf_counter()
    for pair in range(pairs):
        counts, _, _ = np.histogram2d(x[:, pair], y[:, pair], bins=[full, full])
        information(counts)
    seconds = (time.perf_counter() - started) * units * units / pairs
print(json.dumps({"seconds": seconds}))
