"""scikit-learn's lasso_path with a precomputed Gram matrix, looped over targets, to the same duality gap."""
import json
import sys
import time
import warnings

import numpy as np
from sklearn.linear_model import lasso_path

warnings.filterwarnings("ignore")
units, samples, factors, tolerance, timed = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
alphas = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001]
random = np.random.default_rng(1)
shared = random.standard_normal((samples, factors))


def network():
    x = shared @ random.standard_normal((factors, units)) / np.sqrt(factors) + random.standard_normal((samples, units))
    return (x - x.mean(0)) / x.std(0)


x, y = network(), network()
started = time.perf_counter()
gram = x.T @ x
cross = x.T @ y
prepared = time.perf_counter() - started
started = time.perf_counter()
nonzero = []
for target in range(timed):
    # The gap is relative to y.y = N, so `tol` is the gap of the mean.
    _, weights, gaps = lasso_path(
        x, y[:, target], alphas=alphas, precompute=gram, Xy=cross[:, target], tol=tolerance, max_iter=1_000_000
    )
    nonzero.append((weights != 0).sum(0))
looped = time.perf_counter() - started
print(json.dumps({"seconds": prepared + looped * units / timed, "sources": np.mean(nonzero, 0).tolist()}))
