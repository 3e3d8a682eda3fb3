#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An epoch of companion's network in JAX on the CPU: the same features, links, shares and loss.

    tests/oracle/dump_network STORE companion | grep -m1 '"name":"features"' > features.json
    aisle export edges STORE -r co-purchase -o cp.tsv
    tests/oracle/dump_network STORE companion | grep -m1 '"name":"ids"' > ids.json
    aisle show products STORE -f tsv > products.tsv
    python3 bench/companion_peer.py features.json ids.json products.tsv cp.tsv

For each size of batch: processor seconds of an epoch (the compilation left out) and the loss of
three. Bags are padded to the longest; Adam moves the whole table.
"""
import csv
import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

H, D, L, SHARE, NEG = 128, 128, 64, 64, 2
features = json.load(open(sys.argv[1]))["rows"]
ids = {x: i for i, x in enumerate(json.load(open(sys.argv[2]))["data"])}
n = len(features)
K = max(map(len, features))
column = np.zeros((n, K), np.int32)
value = np.zeros((n, K), np.float32)
for i, row in enumerate(features):
    for k, (c, v) in enumerate(row):
        column[i, k], value[i, k] = c, v
width = int(column.max()) + 1
names, kind = {}, np.zeros(n, np.int32)
for r in csv.DictReader(open(sys.argv[3]), delimiter="\t"):
    kind[ids[r["product"]]] = names.setdefault(r["category"], len(names))
types = len(names) + 1
members = [np.flatnonzero(kind == t) for t in range(types)]
linked = np.eye(n, dtype=bool)
pairs = []
for r in csv.DictReader(open(sys.argv[4]), delimiter="\t"):
    a, b = ids[r["a"]], ids[r["b"]]
    linked[a, b] = linked[b, a] = True
    pairs += [(a, b), (b, a)]
pairs = np.array(pairs, np.int32)
rng = np.random.default_rng(1)


def even(*shape, most):
    return jnp.asarray(rng.uniform(-most, most, shape), jnp.float32)


def begin():
    g = (6 / 1.5 / L) ** .5
    z = jnp.zeros
    return dict(table=even(width, H, most=(6 / (16 + H)) ** .5), b1=z(H),
                w2=even(H, H, most=(3 / H) ** .5), b2=z(H), w3=even(H, D, most=(6 / (H + D)) ** .5),
                b3=z(D), scale=jnp.full(D, D ** -.5), shift=z(D), phi=even(types, L, most=L ** -.5),
                phic=even(types, L, most=L ** -.5), w4=even(L, L // 2, most=g), b4=z(L // 2),
                w5=even(L // 2, L, most=g), b5=z(L), w6=even(L, D, most=L ** -.5), b6=jnp.ones(D))


COLUMN, VALUE, KIND, LINKED = map(jnp.asarray, (column, value, kind, linked))


def share_loss(p, rows, key):
    flat = rows.reshape(-1)
    h = jnp.einsum("rk,rkh->rh", VALUE[flat], p["table"][COLUMN[flat]])
    h = jnp.tanh(h + p["b1"])
    h = jnp.tanh(h @ p["w2"] + p["b2"])
    y = h @ p["w3"] + p["b3"]
    y = (y - y.mean(0)) / jnp.sqrt(y.var(0) + 1e-5) * p["scale"] + p["shift"]
    y = y.reshape(rows.shape[0], 2 + NEG, D)
    own, other = KIND[rows[:, 0]], KIND[rows[:, 1]]
    m = jax.random.bernoulli(key, .9, (rows.shape[0], L // 2)) / .9
    gamma = jax.nn.relu(p["phi"][own] @ p["w4"] + p["b4"]) * m @ p["w5"] + p["b5"]
    x = 2 * gamma @ p["phic"].T - (p["phic"] ** 2).sum(1)
    i = jnp.arange(rows.shape[0])
    type_loss = (jax.nn.logsumexp(x, 1) - x[i, other]).sum()
    cand = rows[:, 1:].reshape(-1)
    b = y[:, 1:].reshape(-1, D) * (p["phic"][KIND[cand]] @ p["w6"] + p["b6"])
    x = y[:, 0] @ b.T / .1
    right = i * (1 + NEG)
    out = LINKED[rows[:, 0]][:, cand].at[i, right].set(False)
    x = jnp.where(out, -1e30, x)
    return .8 * (jax.nn.logsumexp(x, 1) - x[i, right]).sum() + .2 * type_loss


def batch_loss(p, rows, key):
    keys = jax.random.split(key, rows.shape[0])
    return jax.vmap(share_loss, (None, 0, 0))(p, rows, keys).sum() / (rows.shape[0] * SHARE)


@jax.jit
def step(p, m, v, t, rate, rows, key):
    loss, g = jax.value_and_grad(batch_loss)(p, rows, key)
    m = jax.tree.map(lambda a, b: .9 * a + .1 * b, m, g)
    v = jax.tree.map(lambda a, b: .999 * a + .001 * b * b, v, g)
    p = jax.tree.map(lambda x, a, b: x * (1 - rate * .01) - rate * (a / (1 - .9 ** t)) /
                     (jnp.sqrt(b / (1 - .999 ** t)) + 1e-8), p, m, v)
    return p, m, v, loss


def epoch(batch, state, order, epochs, at):
    p, m, v, t = state
    steps, losses = len(order) // batch * epochs, []
    for i in range(0, len(order) - batch + 1, batch):
        unit = pairs[order[i:i + batch]]
        rows = np.empty((batch, 2 + NEG), np.int32)
        rows[:, :2] = unit
        rows[:, 2] = [members[kind[b]][rng.integers(len(members[kind[b]]))] for b in unit[:, 1]]
        rows[:, 3] = rng.integers(n, size=batch)
        t += 1
        rate = .003 * min(t / max(1, steps // 20), (steps - t) / (steps - steps // 20))
        p, m, v, loss = step(p, m, v, float(t), rate, rows.reshape(-1, SHARE, 2 + NEG),
                             jax.random.key(t))
        losses.append(loss)
    return (p, m, v, t), float(np.mean([float(x) for x in losses]))


print("%d products, %d columns, at most %d a row, %d types, %d units" % (
    n, width, K, types, len(pairs)))
for batch in map(int, sys.argv[5:] or (128, 256, 512, 1024, 2048)):
    p = begin()
    zero = jax.tree.map(jnp.zeros_like, p)
    state, order = (p, zero, zero, 0), rng.permutation(len(pairs))[:len(pairs) * 19 // 20]
    epoch(batch, state, order[:batch], 3, 0)   # compiles
    cpu, wall = time.process_time(), time.perf_counter()
    for e in range(3):
        rng.shuffle(order)
        state, loss = epoch(batch, state, order, 3, e)
    print("batch %5d: %.2f s of processor time an epoch, %.2f s by the clock, loss %.4f" % (
        batch, (time.process_time() - cpu) / 3, (time.perf_counter() - wall) / 3, loss), flush=True)
