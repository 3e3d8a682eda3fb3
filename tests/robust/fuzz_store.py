# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores made by others: pages of LMDB, values of arrays, meta and results that are wrong on
purpose. Whatever is in the files, a command ends by itself with an exit code of its own.

A small fixed number of stores by default; AISLE_LONG=1 draws 20,000, anew each time. Checksums
don't matter to what opens a store; those of meta, which do, are made right."""
import json
import os
import random
import shutil
import struct
import subprocess

from harness import *

PAGE = 4096
STORES = int(os.environ.get("AISLE_STORES") or (20000 if LONG else 48))
HEAD = 4080
SIZE = {1: 1, 2: 4, 3: 8, 4: 8, 5: 4, 6: 8}
FORM = {1: "B", 2: "<I", 3: "<Q", 4: "<q", 5: "<f", 6: "<d"}
TABLE = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
    TABLE.append(n)


def crc32c(data):
    c = 0xffffffff
    for b in data:
        c = TABLE[(c ^ b) & 255] ^ c >> 8
    return c ^ 0xffffffff


def made():
    """A shop with products in several categories, models of several kinds and a result; the ids
    of two of its products."""
    log = generated("shop", 60, 400, "--more-categories", ".4")
    store = imported(path("shop.aisle"), log, "--products", path("shop", "products.csv"))
    for words in (["covis"], ["item2vec", "--index", "hnsw"], ["itemknn"], ["transition"], ["trail"],
                  ["vsknn"], ["map", "--model", "item2vec"], ["clusters", "--model", "item2vec"],
                  ["popular"]):
        p = aisle("train", words[0], store, "-q", *words[1:])
        if p.returncode:
            note(p.stderr.decode())
    aisle("evaluate", store, "covis", "-q")
    with open(log) as f:
        ids = sorted({row["product_id"] for row in csv.DictReader(f)})
    with open(path("shop", "products.csv")) as f:
        shared = next(m for row in csv.DictReader(f)
                      if (m := row["more_categories"].split("|")[0]))
    return store, ids[:2], shared


STORE, (ONE, TWO), SHARED = made()
FILES = {}
for name in os.listdir(STORE):
    with open(os.path.join(STORE, name), "rb") as f:
        FILES[name] = f.read()
CATALOG = [n for n in FILES if n.startswith("catalog-")]
MODELS = [n for n in FILES if n.startswith("model-")]
RESULTS = [n for n in FILES if n.endswith(".json")]

VIEWS = [("show", "products"), ("show", "categories"), ("show", "overview"),
         ("show", "product", "--product", ONE), ("show", "similar", "--product", ONE),
         ("show", "complementary", "--product", ONE), ("show", "pairs"),
         ("show", "transitions"), ("show", "transitions", "--level", "1"), ("show", "users"),
         ("show", "sessions"), ("show", "why", "--product", ONE, "--with", TWO),
         ("show", "compare", "--product", ONE), ("show", "gaps"), ("show", "list"),
         ("show", "overview", "--format", "chart"), ("show", "basket", "--product", ONE),
         ("show", "products", "--category", SHARED), ("show", "pairs", "--category", SHARED),
         ("show", "products", "--where", "category='%s'" % SHARED),
         ("show", "products", "--where", "date>2000-01-01 and price<1000"),
         ("show", "similar", "--product", ONE, "--where", "date>2000-01-01"),
         ("show", "upsell", "--product", ONE), ("info",), ("verify",)]
OF_MODELS = [("show", "models"), ("show", "clusters"), ("show", "cluster", "--cluster", "1"),
             ("show", "map"), ("show", "map", "--format", "chart"), ("near", ONE), ("verify",),
             ("info",), ("show", "compare", "--product", ONE)] + \
            [("show", "similar", "--product", ONE, "--model", m) for m in
             ("covis", "item2vec", "itemknn", "transition", "trail", "vsknn", "popular")]
OF_RESULTS = [("show", "leaderboard"), ("show", "leaderboard", "--format", "json"),
              ("show", "leaderboard", "--format", "words"), ("verify",)]


def odd(bits, was, near):
    """A number that someone might have put there."""
    top = (1 << bits) - 1
    return rng.choice([0, 1, 2, top, top >> 1, (top >> 1) + 1, was + 1, was - 1, near, near + 1,
                       was ^ 1 << rng.randrange(bits), rng.getrandbits(bits)]) & top


def arrays(data):
    """Places of heads of arrays: offset, type, columns, rows of this part."""
    at, found = 0, []
    while (at := data.find(b"aislear1", at)) >= 0:
        _, kind, columns, _, rows = struct.unpack_from("<8sIIQQ", data, at)
        if at % PAGE == 16 and kind in SIZE:
            found.append((at, kind, columns, rows))
        at += 8
    return found


def values(data):
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        at, kind, columns, rows = rng.choice(arrays(data))
        n = rows * columns
        for _ in range(rng.choice([1, 1, 3, 50]) if n else 0):
            place = at + HEAD + rng.choice([0, n - 1, rng.randrange(n)]) * SIZE[kind]
            if place + SIZE[kind] > len(data):
                continue
            was, = struct.unpack_from(FORM[kind], data, place)
            if kind in (5, 6):
                new = rng.choice([float("nan"), float("inf"), -float("inf"), 3e38, -3e38, -1.0,
                                  0.0, 1e-40, was * 2 if abs(was) < 1e30 else 1.0])
            elif kind == 4:
                new = odd(64, was & (1 << 64) - 1, rows)
                new -= 1 << 64 if new >> 63 else 0
            else:
                new = odd(8 * SIZE[kind], was, rows)
            struct.pack_into(FORM[kind], data, place, new)


def heads(data):
    at, _, _, _ = rng.choice(arrays(data))
    field, size = rng.choice([(8, 4), (12, 4), (16, 8), (24, 8), (32, 4), (36, 4)])
    form = "<I" if size == 4 else "<Q"
    was, = struct.unpack_from(form, data, at + field)
    struct.pack_into(form, data, at + field, odd(8 * size, was, 64))


def tree_pages(data):
    """Pages that look like branches and leaves, and the two meta pages."""
    return [0, 1] + [n for n in range(2, len(data) // PAGE)
                     if struct.unpack_from("<Q", data, n * PAGE)[0] == n and
                     struct.unpack_from("<H", data, n * PAGE + 10)[0] in (1, 2)]


def pages(data):
    number = rng.choice(tree_pages(data))
    base = number * PAGE
    count = max(0, struct.unpack_from("<H", data, base + 12)[0] - 16) // 2
    for _ in range(rng.choice([1, 1, 2, 6])):
        way = rng.randrange(5)
        if number < 2 or way == 0:
            at, form = base + rng.choice([0, 8, 10, 12, 14, 24, 40, 44, 46, 48, 56, 64, 72, 80, 88,
                                          92, 94, 96, 104, 112, 120, 128, 136, 144]), "<Q"
        elif way == 1 or not count:
            at, form = base + rng.randrange(16), "B"
        elif way == 2:
            at, form = base + 16 + 2 * rng.randrange(count), "<H"
        else:
            node = base + struct.unpack_from("<H", data, base + 16 + 2 * rng.randrange(count))[0]
            at = min(node + rng.choice([0, 2, 4, 6, 8, 8 + rng.randrange(32)]),
                     base + PAGE - 8)
            form = rng.choice(["<H", "<Q"])
        was, = struct.unpack_from(form, data, at)
        struct.pack_into(form, data, at, odd(8 * struct.calcsize(form), was,
                                             len(data) // PAGE))


def spoiled(x, depth=0):
    """A JSON document with some of its values gone or of other kinds."""
    strange = [None, -1, 0, 2**63 - 1, -2**63, 1e308, -1e308, "x" * 1000, "", [], {}, True,
               "\x1b]0;x\x07", "\u202e", [[]] * 3]
    if isinstance(x, dict):
        return {k: spoiled(v, depth + 1) for k, v in x.items() if rng.random() > 0.01}
    if isinstance(x, list) and len(x) < 200:
        return [spoiled(v, depth + 1) for v in x]
    return rng.choice(strange) if rng.random() < 0.05 else x


def meta(data):
    """Another document of the same length, padded, with its checksum made right."""
    start = data.find(b'{"')
    while start >= 0:
        try:
            old, length = json.JSONDecoder().raw_decode(data[start:].decode("latin-1"))
        except ValueError:
            old, length = None, 0
        if isinstance(old, dict) and "arrays" in old:
            break
        start = data.find(b'{"', start + 1)
    if start < 0:
        return
    was = struct.pack("<I", crc32c(data[start:start + length]))
    place = data.find(was)
    new = json.dumps(spoiled(old), separators=(",", ":")).encode()
    if place < 0 or len(new) > length:
        return
    data[start:start + length] = new.ljust(length)
    struct.pack_into("<I", data, place, crc32c(data[start:start + length]))


def results(data):
    way = rng.randrange(5)
    if way == 0:
        return data[:rng.randrange(len(data))]
    if way == 1:
        depth = rng.choice([10, 1000, 100000])
        return b'{"rows":' + b"[" * depth + b"]" * depth + b"}"
    new = json.dumps(spoiled(spoiled(json.loads(data)))).encode()
    if way == 2:
        new = new.replace(b":1", b":1e999", 1)
    return new


def written(folder, name, data):
    """A new file: no seal of the old one holds for it."""
    at = os.path.join(folder, name)
    if os.path.exists(at):
        os.unlink(at)
    with open(at, "wb") as f:
        f.write(data)


def attempt(folder, number):
    """One store and some commands on it: what is wrong, if anything."""
    state = rng.getstate()
    way = rng.choice(["values"] * 5 + ["pages"] * 5 + ["heads"] + ["meta"] * 2 +
                     ["model values"] * 4 + ["model pages"] * 2 + ["model meta"] + ["results"] * 2)
    name = rng.choice(RESULTS if way == "results" else MODELS if "model" in way else CATALOG)
    data = bytearray(FILES[name])
    if way == "results":
        data = results(bytes(data))
    else:
        {"values": values, "pages": pages, "heads": heads, "meta": meta}[way.split()[-1]](data)
    written(folder, name, data)
    views = OF_RESULTS if way == "results" else OF_MODELS if "model" in way else VIEWS
    faults = []
    for view in rng.sample(views, 3):
        words = [view[0], view[1], folder, *view[2:]] if view[0] == "show" else \
            [view[0], folder, *view[1:]]
        if view[0] == "near":
            words += ["--model", "item2vec"]
        if way == "results" and view[0] == "show":
            words = [view[0], view[1], folder, *view[2:]]
        try:
            p = aisle(*words, timeout=60, env={"ASAN_OPTIONS": "detect_leaks=0:handle_segv=1:"
                      "handle_sigbus=1:allow_user_segv_handler=0"})
        except subprocess.TimeoutExpired:
            faults.append("store %d (%s): %s hangs" % (number, way, " ".join(words)))
            continue
        fault = died(p)
        if not fault and b"reading the store failed" in p.stderr:
            fault = "%s: a fault in the map" % " ".join(words)
        if not fault and p.returncode not in (0, 1, 2, 3):
            fault = "%s: %s" % (" ".join(words), shown(p))
        if fault:
            faults.append("store %d (%s in %s): %s" % (number, way, name, fault))
    written(folder, name, FILES[name])
    if faults and LONG:
        keep = os.path.join(os.environ.get("TMPDIR", "/tmp"), "aisle-fuzz-%d-%d" % (SEED, number))
        shutil.copytree(folder, keep, dirs_exist_ok=True)
        after = rng.getstate()
        rng.setstate(state)
        rng.setstate(after)
        written(keep, name, data)
    return faults


def fuzz():
    folder, faults = path("copy.aisle"), []
    shutil.copytree(STORE, folder)
    for number in range(STORES):
        faults += attempt(folder, number)
        if len(faults) > 30:
            break
    note("%d stores" % (number + 1))
    return faults


def copied():
    """A store that was copied is looked through until verify marks it, and works as before."""
    folder = path("sent.aisle")
    shutil.copytree(STORE, folder, copy_function=shutil.copyfile)
    faults = [worked(aisle(*v[:2], folder, *v[2:]) if v[0] == "show" else aisle(v[0], folder))
              for v in VIEWS if v[0] == "show"]
    faults += [worked(aisle("show", "similar", folder, *v[2:])) for v in OF_MODELS[9:]]
    faults.append(worked(aisle("verify", folder)))
    for f in CATALOG + MODELS:
        try:
            os.getxattr(os.path.join(folder, f), "user.aisle.checked")
        except OSError as e:
            if e.errno != 95:   # a file system without them
                faults.append("%s has no mark after verify: %s" % (f, e))
    return faults


check("a store that was copied", copied())
check("%d stores made by others" % STORES, fuzz())
finish()
