"""numpy's eigh and svd of random matrices."""
import json
import sys
import time

import numpy as np

what, n = sys.argv[1], int(sys.argv[2])
a = np.random.default_rng(1).random((n, n)) - 0.5
if what == "eigh":
    a = np.triu(a) + np.triu(a, 1).T
times = []
for _ in range(5 if n < 1000 else 3):
    started = time.perf_counter()
    np.linalg.eigh(a) if what == "eigh" else np.linalg.svd(a)
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": min(times)}))
