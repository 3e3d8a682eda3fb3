#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search among vectors beside faiss and hnswlib: one run, in turns, on the same data.

    make -C build bench/near
    /tmp/bench-env/bin/python bench/near.py --near build/bench/near --dir /tmp/near-bench

Prints for every comparison the medians of both sides, the median of the ratios of the
rounds (ours / theirs) by the clock and by processor time, which other work on the machine
disturbs less, and the recall of both beside every speed. Vectors are Gaussian clusters,
sorted by cluster as products are by category, or those of an .npy file (--vectors).
"""
import argparse
import importlib.metadata
import os
import statistics
import subprocess
import sys
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import faiss  # noqa: E402
import numpy as np  # noqa: E402

median = statistics.median


class Ours:
    """bench/near as a child."""

    def __init__(self, a, path, n, dim, threads):
        self.out = os.path.join(a.dir, "found.u32")
        self.child = subprocess.Popen([a.near, path, str(n), str(dim), "cosine", str(threads)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.child.stdout.readline() == "ready\n"

    def run(self, *words):
        self.child.stdin.write(" ".join(map(str, words)) + "\n")
        self.child.stdin.flush()
        return tuple(map(float, self.child.stdout.readline().split()))

    def found(self, k):
        return np.fromfile(self.out, "<u4").reshape(-1, k)

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return (time.perf_counter() - wall, time.process_time() - cpu), result


def recall(found, truth):
    return float(np.mean([len(np.intersect1d(f, t)) / len(t) for f, t in zip(found, truth)]))


def clusters(n, extra, dim=64, k=200, spread=0.7):
    r = np.random.default_rng(1)
    centre = r.standard_normal((k, dim)).astype("f4")
    of = np.concatenate([np.sort(r.integers(0, k, n)), r.integers(0, k, extra)])
    x = r.standard_normal((n + extra, dim)).astype("f4")
    x *= np.float32(spread)
    x += centre[of]
    return x


def alternate(rounds, ours, theirs):
    """Two lists of (wall, cpu): who begins changes from round to round."""
    a, b = [], []
    for i in range(rounds):
        for mine in ((True, False) if i % 2 == 0 else (False, True)):
            (a if mine else b).append((ours if mine else theirs)())
    return a, b


def row(what, a, b, scale, unit, target, note=""):
    def ratio(i):
        r = [x[i] / y[i] for x, y in zip(a, b)]
        return f"{median(r):.2f} ({min(r):.2f}..{max(r):.2f})"
    print(f"| {what} | {median(x[0] for x in a) * scale:.3g}, "
          f"{median(x[1] for x in a) * scale:.3g} {unit} | "
          f"{median(x[0] for x in b) * scale:.3g}, {median(x[1] for x in b) * scale:.3g} {unit} | "
          f"{ratio(0)} | {ratio(1)} | {target} | {note} |", flush=True)


def normal(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def flat(a, x, n, queries, threads, k, repeat, what, target):
    """Exact search of the last rows among the first n."""
    ours = Ours(a, a.path, n, x.shape[1], threads)
    faiss.omp_set_num_threads(threads)
    index = faiss.IndexFlatIP(x.shape[1])
    index.add(normal(x[:n]))
    q = normal(x[n:n + queries])
    same = [0.0]

    def mine():
        got = [ours.run("exact", n, queries, k, ours.out) for _ in range(repeat)]
        return tuple(median(g[i] for g in got) for i in range(2))

    def peer():
        got = []
        for _ in range(repeat):
            t, (_, ids) = timed(lambda: index.search(q, k))
            got.append(t)
        same[0] = recall(ours.found(k), ids) if os.path.exists(ours.out) else 0
        return tuple(median(g[i] for g in got) for i in range(2))

    mine()
    t, u = alternate(a.rounds, mine, peer)
    row(what, t, u, 1 / queries * 1e3, "ms a query", target, f"same answers {same[0]:.4f}")
    ours.close()


def graph(a, x, n, queries, efc, efs, label):
    ours = Ours(a, a.path, n, x.shape[1], a.threads)
    q = x[n:n + queries]
    ours.run("exact", n, queries, 10, ours.out)
    truth = ours.found(10).copy()
    order = np.random.default_rng(2).permutation(n)     # its best: not cluster by cluster
    peer = [None]

    import hnswlib

    def theirs():
        h = hnswlib.Index("cosine", x.shape[1])
        h.init_index(n, M=16, ef_construction=efc)
        t, _ = timed(lambda: h.add_items(x[order], order, num_threads=a.threads))
        peer[0] = h
        return t

    t, u = alternate(a.build_rounds, lambda: ours.run("build", 16, efc), theirs)
    row(f"HNSW build, {label}, M 16, ef {efc}, {a.threads} threads", t, u, 1, "s", "1.0")
    for ef in efs:
        r = [0.0, 0.0]

        def mine():
            s = ours.run("search", n, queries, 10, ef, ours.out)
            r[0] = recall(ours.found(10), truth)
            return s

        def peers():
            peer[0].set_ef(ef)
            s, (ids, _) = timed(lambda: peer[0].knn_query(q, 10, num_threads=1))
            r[1] = recall(ids, truth)
            return s
        t, u = alternate(a.rounds, mine, peers)
        row(f"HNSW query, {label}, ef {ef}, one thread", t, u, 1 / queries * 1e3, "ms", "1.0",
            f"recall@10 {r[0]:.4f}; {r[1]:.4f}")
    ours.close()


def data(a, n, extra):
    a.path = os.path.join(a.dir, f"vectors-{n}.f32")
    if a.vectors:
        x = np.load(a.vectors).astype("f4")
        x = x[np.linalg.norm(x, axis=1) > 0]
        x = x[np.random.default_rng(3).permutation(len(x))]
        n = len(x) - extra
    else:
        x = clusters(n, extra)
    x.tofile(a.path)
    return x, n


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--near", default="build/bench/near")
    p.add_argument("--dir", default="/tmp/near-bench")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--build-rounds", type=int, default=3)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--only", default="batch,one,graph,large")
    p.add_argument("--batch", type=int, default=100000, help="queries of the batch")
    p.add_argument("--vectors", help="an .npy file of real vectors instead of the 100,000")
    a = p.parse_args()
    os.makedirs(a.dir, exist_ok=True)
    if a.only != "one":
        print(f"hnswlib {importlib.metadata.version('hnswlib')}", end=", ")
    print(f"faiss {faiss.__version__}, numpy {np.__version__}\n")
    print("| what | aisle: clock, processor | peer | ratio, clock | ratio, processor | target "
          "| quality |\n|---|---|---|---|---|---|---|")
    only = a.only.split(",")
    if "batch" in only:
        x, n = data(a, 100000, a.batch)
        flat(a, x, n, a.batch, a.threads, 50, 1, f"top 50 of {n} x 64, {a.batch} queries", 0.5)
    if "graph" in only:
        x, n = data(a, 100000, 10000)
        graph(a, x, n, 10000, 200, (48, 64, 96), f"{n} x {x.shape[1]}")
    if "one" in only or "large" in only:
        a.vectors = None
        x, n = data(a, 1000000, 10000)
        if "one" in only:
            flat(a, x, n, 1, a.threads, 10, 21, "one query over 1 M x 64", 0.4)
        if "large" in only:
            graph(a, x, n, 4000, 100, (64, 96, 160), "1 M x 64")
    return 0


if __name__ == "__main__":
    sys.exit(main())
