"""Normalised cuts by numpy and scikit-learn: shared by the generators of reference values."""

import numpy as np
from sklearn.cluster import SpectralClustering


def affinity(c, kind):
    w = {"abs": np.abs(c), "positive": np.maximum(c, 0), "squared": c * c}[kind]
    np.fill_diagonal(w, 0)
    return w


def laplacian(w):
    d = w.sum(1)
    s = np.where(d > 0, 1 / np.sqrt(np.where(d > 0, d, 1)), 0)
    return np.eye(len(w)) - s[:, None] * w * s[None, :]


def ncut(w, labels):
    total = 0
    for label in set(labels):
        inside = labels == label
        volume = w[inside].sum()
        total += (volume - w[np.ix_(inside, inside)].sum()) / volume if volume > 0 else 0
    return total


def best_cut(w, k):
    """The least normalised cut of 100 starts of scikit-learn's spectral clustering: 10 seeds of 10."""
    fits = (
        SpectralClustering(k, affinity="precomputed", n_init=10, random_state=seed).fit(w).labels_ for seed in range(10)
    )
    return min(ncut(w, labels) for labels in fits)
