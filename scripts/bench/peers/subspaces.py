"""CCA by QR and SVD, and linear CKA, of given activations, with numpy."""
import json
import sys
import time

import numpy as np

what, samples, units = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random = np.random.default_rng(1)
shared = random.standard_normal((samples, units // 4))


def network():
    return shared @ random.standard_normal((units // 4, units)) / 16 + random.standard_normal((samples, units))


x, y = network(), network()


def cca():
    (qx, _), (qy, _) = (np.linalg.qr(z - z.mean(0)) for z in (x, y))
    return np.linalg.svd(qx.T @ qy)


def cka_by_decomposition():
    """The same number from singular values: |R_x Q_x^T Q_y R_y^T|^2 over the fourth powers of each side's."""
    (qx, rx), (qy, ry) = (np.linalg.qr(z - z.mean(0)) for z in (x, y))
    cross = np.linalg.svd(rx.T @ (qx.T @ qy) @ ry, compute_uv=False)
    own = [np.linalg.svd(r, compute_uv=False) for r in (rx, ry)]
    return np.sum(cross**2) / np.sqrt(np.sum(own[0] ** 4) * np.sum(own[1] ** 4))


def cka():
    a, b = x - x.mean(0), y - y.mean(0)
    return np.sum((a.T @ b) ** 2) / np.linalg.norm(a.T @ a) / np.linalg.norm(b.T @ b)


work = {"cca": cca, "cka": cka, "cka-qr": cka_by_decomposition}[what]
assert abs(cka() - cka_by_decomposition()) < 1e-9
times = []
for _ in range(3):
    started = time.perf_counter()
    work()
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": min(times)}))
