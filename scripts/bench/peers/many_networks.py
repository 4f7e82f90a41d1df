"""The work of many-networks-kernels.ts with numpy and scipy."""
import json
import sys
import time
from itertools import combinations

import numpy as np
from scipy.optimize import linear_sum_assignment

networks, units, runs = map(int, sys.argv[1:4])
random = np.random.default_rng(1)
score = (random.random((units, units)) + random.random((units, units)) - 1) / 5
score[np.arange(units), np.arange(units) * 7 % units] = 0.3 + 0.6 * random.random(units)


def work():
    to, held = {}, np.zeros((networks, units), int)
    for a, b in combinations(range(networks), 2):
        partner = linear_sum_assignment(score, maximize=True)[1]
        to[a, b], to[b, a] = partner, np.argsort(partner)
        passes = score[np.arange(units), partner] >= 0.5
        held[a] += passes
        np.add.at(held[b], partner[passes], 1)
    returned = 0
    for a, b, c in combinations(range(networks), 3):
        for first, second, third in ((a, b, c), (b, c, a), (c, a, b)):
            returned += np.sum(to[third, first][to[second, third][to[first, second]]] == np.arange(units))
    return held, returned


times = []
for _ in range(runs):
    started = time.perf_counter()
    work()
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": min(times)}))
