"""The work of code-kernels.ts with numpy and scipy: Haar rotations by QR, rotated correlations, assignment."""
import json
import sys
import time

import numpy as np
from scipy.optimize import linear_sum_assignment

units, rotations, runs = map(int, sys.argv[1:4])
random = np.random.default_rng(1)
small = lambda: 0.2 * (random.random((units, units)) + random.random((units, units)) - 1)
c, within = small(), small()
c[np.arange(units), np.arange(units) * 7 % units] = 0.6
within = np.triu(within, 1)
within = within + within.T + np.eye(units) * units / 8
times = []
for _ in range(runs):
    started = time.perf_counter()
    for _ in range(rotations):
        q, r = np.linalg.qr(random.standard_normal((units, units)))
        q = q * np.sign(np.diag(r))
        variance = np.sum((q @ within) * q, axis=1)
        linear_sum_assignment(np.clip(c @ q.T / np.sqrt(variance), -1, 1), maximize=True)
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": min(times)}))
