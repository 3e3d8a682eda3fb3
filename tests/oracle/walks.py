#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks of node2vec and node2vec+ against the papers' formulas on small graphs.

The probability of every step is computed here from the definitions alone and compared
with what the program states and, by chi-square, with what it draws.
"""
import json
import os
import random
import struct
import subprocess

dump = os.path.join(os.environ.get("top_builddir", "."), "tests/oracle/dump_walks")
tests = 0


def check(name, wrong):
    global tests
    tests += 1
    for line in wrong[:5]:
        print("#", line)
    print("not ok" if wrong else "ok", tests, "-", name)


def graph(rng, nodes, chance, directed, weighted):
    """{a: {b: weight}}; some nodes have no edges."""
    edges = {a: {} for a in range(nodes)}
    for a in range(nodes - 2):
        for b in range(nodes - 2):
            if a != b and (directed or a < b) and rng.random() < chance:
                w = rng.choice((1, 1, 2, 3, 7, 20)) if weighted else 1
                edges[a][b] = w
                if not directed:
                    edges[b][a] = w
    return edges


def bias(edges, t, v, x, p, q, extend):
    """Grover and Leskovec 2016, section 3.2; Liu et al. 2023, equation of node2vec+."""
    if x == t:
        return 1 / p
    if not extend:
        return 1 if x in edges[t] else 1 / q
    mean = {a: sum(e.values()) / len(e) if e else 0 for a, e in edges.items()}
    w = edges[t].get(x, 0)
    if w and w >= mean[x]:
        return 1
    if edges[v][x] < mean[v]:
        return min(1, 1 / q)
    return 1 / q + (1 - 1 / q) * (w / mean[x] if w else 0)


def run(edges, p, q, extend, seed):
    rows = [(a, b, w) for a in sorted(edges) for b, w in sorted(edges[a].items())]
    data = struct.pack("=II", len(edges), len(rows))
    data += b"".join(struct.pack("=IIf", *row) for row in rows)
    out = subprocess.run([dump, str(p), str(q), str(int(extend)), str(seed)], input=data,
                         stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def compare(edges, p, q, extend, seed):
    wrong, steps, walks = [], {}, []
    for row in run(edges, p, q, extend, seed):
        if "walk" in row:
            walks.append(row["walk"])
        else:
            steps.setdefault((row["t"], row["v"]), []).append(row)
    degrees = excess = 0
    for (t, v), rows in steps.items():
        weight = {x: w * bias(edges, t, v, x, p, q, extend) for x, w in edges[v].items()}
        total, drawn = sum(weight.values()), sum(r["drawn"] for r in rows)
        if sorted(weight) != sorted(r["x"] for r in rows):
            wrong.append(f"{t} -> {v}: leads elsewhere")
            continue
        for r in rows:
            want = weight[r["x"]] / total
            if abs(r["p"] - want) > 1e-6:
                wrong.append(f"{t} -> {v} -> {r['x']}: {r['p']}, not {want}")
            excess += (r["drawn"] - drawn * want) ** 2 / (drawn * want)
        degrees += len(rows) - 1
    # chi-square summed over all steps: nearly normal, five deviations
    if degrees and excess > degrees + 5 * (2 * degrees) ** 0.5:
        wrong.append(f"chi-square {excess:.0f} for {degrees} degrees of freedom")
    pairs = {(a, b) for a in edges for b in edges[a]}
    if len(steps) != sum(1 for a, b in pairs if edges[b]):
        wrong.append(f"{len(steps)} steps")
    return wrong, walks


def check_walks(edges, walks):
    wrong = []
    starts = [w[0] for w in walks]
    for a in edges:
        if starts.count(a) != (3 if edges[a] else 0):
            wrong.append(f"{starts.count(a)} walks from {a}")
    for w in walks:
        for a, b in zip(w, w[1:]):
            if b not in edges[a]:
                wrong.append(f"{a} -> {b} is no edge")
        if len(w) != 30 and edges[w[-1]]:
            wrong.append(f"{w} ends early")
    return wrong


print("1..16")
for number, (directed, weighted) in enumerate(((0, 1), (1, 1), (0, 0), (1, 0))):
    edges = graph(random.Random(number), 14, 0.3, directed, weighted)
    kind = f"{'' if directed else 'un'}directed, {'' if weighted else 'un'}weighted"
    for p, q, extend in ((1, 0.5, True), (0.25, 4, True), (4, 0.5, False)):
        wrong, walks = compare(edges, p, q, extend, number)
        check(f"p {p}, q {q}{', extended' if extend else ''}: {kind}", wrong)
    check(f"walks stay on edges: {kind}", check_walks(edges, walks))
