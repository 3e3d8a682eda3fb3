# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors in and out, and what is near: files made and read by plain Python, neighbours
compared with a double loop. Shares no code with the program."""
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile

AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
SHOP = os.path.join(os.environ.get("top_srcdir", "."), "data", "shop")
DIM = 6


def aisle(*args, want=0):
    r = subprocess.run([AISLE, *args], capture_output=True)
    if r.returncode != want:
        raise AssertionError("aisle %s: %d, %s" % (" ".join(args), r.returncode,
                                                   r.stderr.decode()))
    return r.stdout.decode() if want == 0 else r.stderr.decode()


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def floats(row):
    return struct.pack("<%df" % len(row), *row)


def npy(rows):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % (len(rows), DIM)
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() +
            b"".join(map(floats, rows)))


def write(path, data):
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write_form(path, form, vectors):
    ids, rows = list(vectors), list(vectors.values())
    if form == "vec":
        write(path, "%d %d\n" % (len(ids), DIM) + "".join(
            "%s %s\n" % (i, " ".join(map(repr, r))) for i, r in vectors.items()))
    elif form == "bin":
        write(path, b"%d %d\n" % (len(ids), DIM) + b"".join(
            i.encode() + b" " + floats(r) for i, r in vectors.items()))
    elif form == "npy":
        write(path, npy(rows))
        write(path[:-4] + ".ids", "".join(i + "\n" for i in ids))
    else:
        write(path, "".join("\t".join(map(repr, r)) + "\n" for r in rows))
        write(path[:-4] + ".metadata.tsv", "id\tname\n" + "".join(i + "\tx\n" for i in ids))


def read_form(path, form):
    data = read(path)
    if form == "vec":
        lines = data.decode().split("\n")[:-1]
        assert lines[0] == "%d %d" % (len(lines) - 1, DIM), lines[0]
        return {f[0]: [f32(float(x)) for x in f[1:]]
                for f in (line.split(" ") for line in lines[1:])}
    if form == "bin":
        head, rest = data.split(b"\n", 1)
        found = {}
        for _ in range(int(head.split()[0])):
            name, rest = rest.split(b" ", 1)
            found[name.decode()] = list(struct.unpack("<%df" % DIM, rest[:4 * DIM]))
            assert rest[4 * DIM:4 * DIM + 1] == b"\n"
            rest = rest[4 * DIM + 1:]
        assert not rest
        return found
    if form == "npy":
        start = 10 + struct.unpack("<H", data[8:10])[0]
        assert start % 64 == 0 and data[:8] == b"\x93NUMPY\x01\x00"
        head = eval(data[10:start])         # a dictionary, by the letter of the format
        ids = read(path[:-4] + ".ids").decode().split("\n")[:-1]
        assert head == {"descr": "<f4", "fortran_order": False, "shape": (len(ids), DIM)}
        values = struct.unpack("<%df" % (len(ids) * DIM), data[start:])
        return {i: list(values[k * DIM:(k + 1) * DIM]) for k, i in enumerate(ids)}
    meta = [line.split("\t") for line in
            read(path[:-4] + ".metadata.tsv").decode().split("\n")[:-1]]
    assert meta[0] == ["product", "label", "category", "brand"]
    rows = [[f32(float(x)) for x in line.split("\t")]
            for line in data.decode().split("\n")[:-1]]
    assert len(rows) == len(meta) - 1
    return {m[0]: r for m, r in zip(meta[1:], rows)}


def unit(x):
    n = math.sqrt(sum(v * v for v in x))
    return [v / n for v in x]


def nearest(vectors, q, metric, among, skip):
    def score(x):
        if metric == "cosine":
            return sum(a * b for a, b in zip(unit(q), unit(x)))
        if metric == "dot":
            return sum(a * b for a, b in zip(q, x))
        return -math.sqrt(sum((a - b) ** 2 for a, b in zip(q, x)))
    found = [(score(vectors[i]), i) for i in among if i in vectors and i not in skip]
    return sorted(found, key=lambda s: -s[0])


class Vectors:
    def __init__(self, folder):
        self.folder = folder
        self.store = os.path.join(folder, "shop.aisle")
        aisle("import", "mkechinov", os.path.join(SHOP, "events.csv"), "--into", self.store,
              "-q")
        self.products = [json.loads(line) for line in aisle(
            "show", "products", self.store, "--format", "jsonl").split("\n")[:-1]]
        ids = [p["product"] for p in self.products]
        r = random.Random(1)
        self.vectors = {i: [f32(r.gauss(0, 1)) for _ in range(DIM)] for i in ids[:-3]}

    def path(self, name):
        return os.path.join(self.folder, name)

    def near(self, *args):
        text = aisle("near", self.store, *args, "--model", "m", "--format", "jsonl")
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def round_trips(self):
        for form in ("vec", "bin", "npy", "tsv"):
            write_form(self.path("in." + form), form, self.vectors)
            aisle("import", "vectors", "m", self.path("in." + form), "--into", self.store,
                  "-q")
            for out in ("vec", "bin", "npy", "tsv"):
                aisle("export", "vectors", self.store, "--model", "m", "-q",
                      "-o", self.path("out." + out))
                assert read_form(self.path("out." + out), out) == self.vectors, (form, out)

    def refusals(self):
        bad = self.path("bad.vec")
        some = dict(list(self.vectors.items())[:4])
        write_form(bad, "vec", {**some, "nobody": some[next(iter(some))]})
        args = ["import", "vectors", "m", bad, "--into", self.store, "-q"]
        said = aisle(*args, want=1)
        assert "1 of its 5 ids are no products of the store, the first is 'nobody'" in said, said
        aisle(*args, "--max-rejects", "20%")
        write(bad, "2 2\nx 1 2\ny 1 nan\n")
        said = aisle(*args, want=1)
        assert said.endswith("bad.vec:3: 'nan' is no finite number\n"), said
        assert "'a b'" in aisle("import", "vectors", "a b", bad, "--into", self.store, want=2)
        assert "is not trained" in aisle("train", "vectors", self.store, want=2)
        aisle("import", "vectors", "m", self.path("in.vec"), "--into", self.store, "-q")

    def neighbours(self):
        ids = list(self.vectors)
        unit_of = {i: unit(x) for i, x in self.vectors.items()}
        every = [p["product"] for p in self.products]
        for metric in ("cosine", "dot", "l2"):
            take = unit_of if metric == "cosine" else self.vectors
            for words in ([ids[3]], [ids[0], "-", ids[5], "+", ids[9]]):
                q, sign = [0.0] * DIM, 1
                for w in words:
                    if w in "+-":
                        sign = -1 if w == "-" else 1
                    else:
                        q = [a + sign * b for a, b in zip(q, take[w])]
                want = nearest(self.vectors, q, metric, every, words)[:7]
                got = self.near(*words, "--metric", metric, "--limit", "7")
                assert [g["product"] for g in got] == [i for _, i in want], (metric, words)
                for g, (score, _) in zip(got, want):
                    assert abs(g["score"] - abs(score) if metric == "l2"
                               else g["score"] - score) < 1e-4

    def filters(self):
        ids = list(self.vectors)
        category = self.products[0]["category"]
        among = [p["product"] for p in self.products if p["category"] == category]
        want = nearest(self.vectors, self.vectors[ids[40]], "cosine", among, [ids[40]])[:5]
        got = self.near(ids[40], "--where", "category='%s'" % category, "--limit", "5")
        assert [g["product"] for g in got] == [i for _, i in want]

    def names(self):
        word = self.products[0]["label"].split()[0]
        named = [p["product"] for p in self.products
                 if word.lower() in p["label"].lower() and p["product"] in self.vectors]
        q = [sum(unit(self.vectors[i])[k] for i in named) for k in range(DIM)]
        want = nearest(self.vectors, q, "cosine", self.vectors, [])[:5]
        got = self.near(word, "--limit", "5")
        assert sorted(g["product"] for g in got) == sorted(i for _, i in want), (word, got)
        assert all(abs(g["score"] - w) < 1e-5 for g, (w, _) in zip(got, want)), (word, got)
        said = aisle("near", self.store, "nobody here", "--model", "m", want=1)
        assert "column 1: " in said, said
        said = aisle("near", self.store, ids_of(self, 0) + " - ", "--model", "m", want=2)
        assert "a product is wanted after '-'" in said, said
        said = aisle("near", self.store, self.products[-1]["product"], "--model", "m", want=1)
        assert "no vector" in said, said

    def index(self):
        ids = list(self.vectors)
        plain = self.near(ids[7])
        aisle("import", "vectors", "m", self.path("in.vec"), "--into", self.store, "-q",
              "--index", "hnsw", "--threads", "1")
        assert self.near(ids[7]) == plain
        check = json.loads(aisle("near", self.store, "--check", "--model", "m", "--format",
                                 "json"))
        assert check["stored"] and check["recall"] >= 0.95, check
        assert check["vectors"] == len(self.vectors), check

    def stale(self):
        ids = list(self.vectors)
        before = self.near(ids[7], "--limit", "300")
        lines = read(os.path.join(SHOP, "events.csv")).decode().split("\n")
        gone = ids[11]
        write(self.path("less.csv"), "\n".join(x for x in lines if "," + gone + "," not in x))
        aisle("import", "mkechinov", self.path("less.csv"), "--into", self.store, "-q")
        after = self.near(ids[7], "--limit", "300")
        want = [g["product"] for g in before if g["product"] != gone][:len(after)]
        assert [g["product"] for g in after] == want
        assert gone not in [g["product"] for g in after]


    def many(self):
        """So many that copies in 8 bits are scanned: with equal vectors, nearly equal ones,
        none, sizes of all kinds."""
        n, r = 30500, random.Random(3)
        store, rows = self.path("many.aisle"), {}
        with open(self.path("many.csv"), "w") as f:
            f.write("event_time,event_type,product_id,category_id,category_code,brand,price,"
                    "user_id,user_session\n")
            for i in range(n):
                f.write("2019-10-01 00:00:00 UTC,view,%d,%d,,,1.00,7,s%d\n"
                        % (100000 + i, 2053013555631882655 + i % 3, i))
                if i % 50 == 1:
                    continue
                size = 10.0 ** (i % 9 - 4)
                x = [f32(size * (0.4 + r.gauss(0, 1))) for _ in range(DIM)]
                if i % 10 == 3:
                    x = rows.get(str(100000 + i - 2), x)
                if i % 10 == 4:
                    x = [f32(v * 1.000001) for v in rows[str(100000 + i - 4)]]
                rows[str(100000 + i)] = x
        aisle("import", "mkechinov", self.path("many.csv"), "--into", store, "-q")
        write_form(self.path("many.vec"), "vec", rows)
        aisle("import", "vectors", "m", self.path("many.vec"), "--into", store, "-q")
        ids = list(rows)
        shown = [json.loads(line) for line in aisle(
            "show", "products", store, "--format", "jsonl").split("\n")[:-1]]
        place = {i: unit(x) for i, x in rows.items()}
        for word, category in ((ids[3], None), (ids[777], 0), (ids[20000], None)):
            among = [i for i in ids if category is None or (int(i) - 100000) % 3 == category]
            want = nearest(rows, rows[word], "cosine", among, [word])
            args = ["near", store, word, "--model", "m", "--format", "jsonl", "--limit", "40"]
            if category is not None:
                name = next(p["category"] for p in shown
                            if p["product"] == str(100000 + category))
                args += ["--where", "category='%s'" % name]
            got = [json.loads(line) for line in aisle(*args).split("\n")[:-1]]
            assert len({g["product"] for g in got}) == 40
            for g, (score, _) in zip(got, want):
                own = sum(a * b for a, b in zip(place[word], place[g["product"]]))
                assert abs(g["score"] - score) < 2e-6 and abs(g["score"] - own) < 2e-6
                assert g["product"] in among
            for a, b in zip(got, got[1:]):
                if rows[a["product"]] == rows[b["product"]] and category is not None:
                    assert a["product"] < b["product"]
        aisle("verify", store)
        # what was changed since is looked through, with or without a checksum that fits
        file = self.path("many.aisle/" + [f for f in os.listdir(store)
                                          if f.startswith("model-m-")][0])
        data = bytearray(read(file))
        head = data.find(b"aislear1" + struct.pack("<IIQ", 1, 16, n))
        assert head > 0
        data[head + 4080 + 16 * 500] ^= 0x55
        write(file, bytes(data))
        said = aisle("near", store, ids[3], "--model", "m", want=3)
        assert "near/codes: row 500 is no copy of its vector" in said, said


def ids_of(v, i):
    return list(v.vectors)[i]


def main():
    with tempfile.TemporaryDirectory() as folder:
        v = Vectors(folder)
        tests = [v.round_trips, v.refusals, v.neighbours, v.filters, v.names, v.index, v.stale,
                 v.many]
        print("1..%d" % len(tests))
        failed = 0
        for i, test in enumerate(tests, 1):
            try:
                test()
                print("ok %d - %s" % (i, test.__name__))
            except Exception as e:          # the rest still says what it has to
                failed += 1
                print("# %s: %s" % (type(e).__name__, str(e).replace("\n", "\n# ")))
                print("not ok %d - %s" % (i, test.__name__))
        return failed > 0


if __name__ == "__main__":
    sys.exit(main())
