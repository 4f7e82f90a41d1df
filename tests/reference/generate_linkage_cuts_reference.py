"""Writes linkage-cuts-reference.json: Ward linkages by scipy, the order of their leaves, and the labels of fcluster
(maxclust) at every k. Run: python3 tests/reference/generate_linkage_cuts_reference.py"""
import json
import pathlib

import numpy as np
import scipy
from scipy.cluster.hierarchy import fcluster, leaves_list, ward


def rows(name, n, random):
    if name == "planted":
        return random.standard_normal((4, 5))[np.arange(n) % 4] * 3 + random.standard_normal((n, 5))
    if name == "line":
        return np.cumsum(random.uniform(0.5, 2, n))[:, None]
    if name == "ties":
        return np.repeat(np.arange(n // 3), 3)[:, None].astype(float)
    return random.standard_normal((n, 3))


cases = []
for name, n in [("planted", 40), ("noise", 33), ("line", 25), ("two", 2), ("ties", 12)]:
    linkage = ward(rows(name, n, np.random.default_rng(len(cases) + 20)))
    cases.append(
        {
            "name": name,
            "n": n,
            "linkage": linkage.ravel().tolist(),
            "leaves": leaves_list(linkage).tolist(),
            "labels": {str(k): fcluster(linkage, k, "maxclust").tolist() for k in range(1, n + 1)},
        }
    )

path = pathlib.Path(__file__).with_name("linkage-cuts-reference.json")
path.write_text(json.dumps({"versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "cases": cases}) + "\n")
