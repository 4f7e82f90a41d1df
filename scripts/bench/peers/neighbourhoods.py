"""The work of neighbourhoods-kernels.ts with numpy: units farther than epsilon from the other span leave in turn."""
import json
import sys
import time

import numpy as np

units, samples, runs = map(int, sys.argv[1:4])
random = np.random.default_rng(1)
a, b = (random.random((samples, units)) - 0.5 for _ in range(2))
shared = int(np.ceil(units / 3))
b[:, :shared] = a[:, :shared] + 3 * np.arange(shared) / units * b[:, :shared]
products = np.hstack([a, b]).T @ np.hstack([a, b])


def residuals(cosine, targets, sources):
    if len(targets) == 0 or len(sources) == 0:
        return np.ones(len(targets))
    values, vectors = np.linalg.eigh(cosine[np.ix_(sources, sources)])
    along = vectors.T @ cosine[np.ix_(sources, targets)]
    kept = values > 1e-10 * values[-1]
    return np.sqrt(np.maximum(0, 1 - np.sum(along[kept] ** 2 / values[kept, None], axis=0)))


def matches():
    length = np.sqrt(np.diag(products))
    cosine = products / length / length[:, None]
    x, y = np.arange(units), np.arange(units, 2 * units)
    for epsilon in [0.7, 0.6, 0.5, 0.4, 0.3]:
        while True:
            kept_x = x[residuals(cosine, x, y) <= epsilon]
            kept_y = y[residuals(cosine, y, kept_x) <= epsilon]
            settled = len(kept_x) == len(x) and len(kept_y) == len(y)
            x, y = kept_x, kept_y
            if settled or len(x) + len(y) == 0:
                break


times = []
for _ in range(runs):
    started = time.perf_counter()
    matches()
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": min(times)}))
