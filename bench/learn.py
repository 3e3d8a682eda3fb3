#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters, maps and factors beside scikit-learn, umap-learn and implicit: in turns, on
the same data, with what the result is worth beside every speed.

    make -C build bench/learn
    /tmp/bench-env/bin/python bench/learn.py --learn build/bench/learn --dir /tmp/learn-bench

--only kmeans,umap,als,bpr; --rounds N; --quick takes small data.
"""
import argparse
import importlib.metadata
import os
import statistics
import subprocess
import time
import warnings

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402

median = statistics.median


def ours(a, *words):
    out = subprocess.run([a.learn, *map(str, words)], check=True, stdout=subprocess.PIPE).stdout
    seconds, worth = out.split()
    return float(seconds), float(worth)


def timed(work):
    t = time.perf_counter()
    result = work()
    return time.perf_counter() - t, result


def report(what, peer, mine, theirs, target, worth):
    ratios = sorted(m / t for m, t in zip(mine, theirs))
    print("| %s | %.2f s | %s %.2f s | %.2f (%.2f..%.2f) | %s | %s |" % (
        what, median(mine), peer, median(theirs), median(ratios), ratios[0], ratios[-1],
        target, worth), flush=True)


def in_turns(rounds, mine, theirs):
    a, b = [], []
    for i in range(rounds):
        for side in ((mine, a), (theirs, b)) if i % 2 == 0 else ((theirs, b), (mine, a)):
            side[1].append(side[0]())
    return [x[0] for x in a], [x[0] for x in b], a[-1][1], b[-1][1]


def vectors(a, n, dim, heaps):
    rng = np.random.default_rng(1)
    middle = rng.normal(size=(heaps, dim)).astype("f4") * 1.2
    label = rng.integers(0, heaps, n)
    x = (middle[label] + rng.normal(size=(n, dim))).astype("f4")
    path = os.path.join(a.dir, "vectors-%d.f32" % n)
    x.tofile(path)
    return x, label, path


def bench_kmeans(a):
    from sklearn.cluster import KMeans
    n = 100_000 if a.quick else 1_000_000
    x, _, path = vectors(a, n, 64, 300)

    def theirs():
        return timed(lambda: KMeans(256, init=x[:256].copy(), n_init=1, max_iter=20, tol=0,
                                    algorithm="lloyd").fit(x).inertia_)

    mine, peer, worth, other = in_turns(
        a.rounds, lambda: ours(a, "kmeans", path, n, 64, 256, 20, a.threads), theirs)
    report("k-means, %d x 64, k 256, 20 rounds" % n, "scikit-learn", mine, peer, "0.75",
           "inertia %.6g; theirs %.6g" % (worth, other))


def trust(x, place, k=15, sample=1000):
    rng, total, n = np.random.default_rng(0), 0.0, len(x)
    for i in rng.choice(n, sample, replace=False):
        d = ((place - place[i]) ** 2).sum(1)
        d[i] = np.inf
        near = np.argpartition(d, k)[:k]
        d = ((x - x[i]) ** 2).sum(1)
        d[i] = -1
        total += np.maximum(np.array([(d < d[j]).sum() for j in near]) - k, 0).sum()
    return 1 - 2 * total / (sample * k * (2 * n - 3 * k - 1))


def agreement(place, label, k=15, sample=1000):
    rng, same = np.random.default_rng(0), 0
    for i in rng.choice(len(place), sample, replace=False):
        d = ((place - place[i]) ** 2).sum(1)
        d[i] = np.inf
        same += (label[np.argpartition(d, k)[:k]] == label[i]).mean()
    return same / sample


def bench_umap(a):
    import umap
    for n in (20_000,) if a.quick else (20_000, 100_000):
        x, label, path = vectors(a, n, 64, 20)
        out = os.path.join(a.dir, "places.f32")
        umap.UMAP(n_epochs=20).fit_transform(x[:5000])  # compiles

        def theirs():
            return timed(lambda: umap.UMAP(n_epochs=200, n_neighbors=15, min_dist=0.1,
                                           n_jobs=a.threads).fit_transform(x))

        mine, peer, _, place = in_turns(
            a.rounds, lambda: ours(a, "umap", path, n, 64, 200, a.threads, out), theirs)
        own = np.fromfile(out, "f4").reshape(n, 2)
        report("UMAP, %d x 64, 200 epochs" % n, "umap-learn", mine, peer, "0.5",
               "trust %.4f, labels %.3f; theirs %.4f, %.3f" % (
                   trust(x, own), agreement(own, label), trust(x, place),
                   agreement(place, label)))


def ratings(a):
    import scipy.sparse as sp
    rows, columns, per = (100_000, 10_000, 5) if a.quick else (2_000_000, 100_000, 5)
    rng = np.random.default_rng(2)
    n = rows * per
    # popular products and users with a taste
    product = (columns * rng.random(n) ** 2.5).astype(np.int64)
    user = np.repeat(np.arange(rows), per)
    product = np.where(rng.random(n) < .6, (product // 50 * 50 + user % 50) % columns, product)
    m = sp.coo_matrix((np.ones(n, "f4"), (user, product)), (rows, columns)).tocsr()
    m.sum_duplicates()
    path = os.path.join(a.dir, "ratings.bin")
    with open(path, "wb") as f:
        np.array([rows, columns], "<u4").tofile(f)
        np.array([m.nnz], "<u8").tofile(f)
        m.indptr.astype("<u8").tofile(f)
        m.indices.astype("<u4").tofile(f)
        m.data.astype("<f4").tofile(f)
    return m, path


def read_factors(path, m, dim):
    raw = np.fromfile(path, "f4")
    x = raw[:m.shape[0] * dim].reshape(-1, dim)
    y = raw[m.shape[0] * dim:(m.shape[0] + m.shape[1]) * dim].reshape(-1, dim)
    return x, y, raw[(m.shape[0] + m.shape[1]) * dim:]


def als_loss(m, x, y, lam=0.01):
    x, y = x.astype("f8"), y.astype("f8")
    everything = np.trace((x.T @ x) @ (y.T @ y))
    row = np.repeat(np.arange(m.shape[0]), np.diff(m.indptr))
    s = np.concatenate([np.einsum("ij,ij->i", x[row[i:i + 1_000_000]],
                                  y[m.indices[i:i + 1_000_000]])
                        for i in range(0, m.nnz, 1_000_000)])
    entries = ((1 + m.data) * (1 - s) ** 2 - s ** 2).sum()
    return (everything + entries + lam * ((x ** 2).sum() + (y ** 2).sum())) / (
        m.shape[0] * m.shape[1])


def bench_als(a):
    import implicit
    m, path = ratings(a)
    out = os.path.join(a.dir, "factors.f32")
    kept = {}
    confidence = m.copy()
    confidence.data += 1

    def theirs():
        model = implicit.als.AlternatingLeastSquares(
            factors=64, regularization=0.01, alpha=1, iterations=5, use_cg=True,
            num_threads=a.threads, random_state=1, calculate_training_loss=False)
        # its confidence is the entry itself: c = 1 + value
        seconds, _ = timed(lambda: model.fit(confidence, show_progress=False))
        kept["x"], kept["y"] = model.user_factors, model.item_factors
        return seconds, 0

    mine, peer, _, _ = in_turns(a.rounds, lambda: ours(a, "als", path, 64, 5, a.threads, out),
                                theirs)
    x, y, _ = read_factors(out, m, 64)
    report("ALS, %d x %d, %.1f M entries, 64 factors, 5 rounds" % (*m.shape, m.nnz / 1e6),
           "implicit", mine, peer, "0.8", "loss %.7f; theirs %.7f" % (
               als_loss(m, x, y), als_loss(m, kept["x"], kept["y"])))


def auc(m, x, y, sample=200_000):
    rng = np.random.default_rng(3)
    row = np.repeat(np.arange(m.shape[0]), np.diff(m.indptr))
    at = rng.integers(0, m.nnz, sample)
    other = rng.integers(0, m.shape[1], sample)
    u = x[row[at]]
    return (np.einsum("ij,ij->i", u, y[m.indices[at]]) >
            np.einsum("ij,ij->i", u, y[other])).mean()


def bench_bpr(a):
    import implicit
    m, path = ratings(a)
    out = os.path.join(a.dir, "factors.f32")
    kept = {}

    def theirs():
        model = implicit.bpr.BayesianPersonalizedRanking(
            factors=63, learning_rate=0.01, regularization=0.01, iterations=5,
            num_threads=a.threads, random_state=1)
        seconds, _ = timed(lambda: model.fit(m, show_progress=False))
        kept["x"], kept["y"] = model.user_factors, model.item_factors
        return seconds, 0

    mine, peer, _, _ = in_turns(a.rounds, lambda: ours(a, "bpr", path, 63, 5, a.threads, out),
                                theirs)
    x, y, bias = read_factors(out, m, 63)
    ones = np.ones((len(x), 1), "f4")
    report("BPR, %d x %d, %.1f M entries, 63 factors and a bias, 5 epochs" % (
        *m.shape, m.nnz / 1e6), "implicit", mine, peer, "0.7",
        "AUC in training %.4f; theirs %.4f" % (
            auc(m, np.hstack([x, ones]), np.hstack([y, bias[:, None]])),
            auc(m, kept["x"], kept["y"])))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--learn", required=True)
    p.add_argument("--dir", required=True)
    p.add_argument("--only", default="kmeans,umap,als,bpr")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--quick", action="store_true")
    a = p.parse_args()
    os.makedirs(a.dir, exist_ok=True)
    versions = []
    for name in ("scikit-learn", "umap-learn", "implicit", "numpy"):
        try:
            versions.append("%s %s" % (name, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            versions.append("no " + name)
    print("# %s; %d threads, %d rounds; load %.1f" % (
        ", ".join(versions), a.threads, a.rounds, os.getloadavg()[0]))
    print("| what | aisle | peer | ratio | target | worth |\n|---|---|---|---|---|---|")
    for part in a.only.split(","):
        {"kmeans": bench_kmeans, "umap": bench_umap, "als": bench_als,
         "bpr": bench_bpr}[part](a)


main()
