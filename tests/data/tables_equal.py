# SPDX-License-Identifier: GPL-3.0-or-later
"""The same log as CSV, JSON and Parquet makes the same store: every array's checksum, what
is rejected and what the meta document says. Parquet is written by pyarrow and DuckDB where
Python has them; made-up values of every type are read as those two read them. What aisle
writes as Parquet they read as it writes it in text; vectors come back by import.
"""
import csv
import datetime
import decimal
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
except ImportError:
    pa = None
try:
    import duckdb
except ImportError:
    duckdb = None

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import sized  # noqa: E402

TOP = os.environ.get("top_builddir", ".")
AISLE = os.path.join(TOP, "src", "aisle")
DUMP_META = os.path.join(TOP, "tests", "data", "dump_meta")
DUMP_TABLE = os.path.join(TOP, "tests", "data", "dump_table")
PASSING = ("uuid", "generation", "created", "steps", "counting", "sources", "options")
SESSIONS = "20000" if os.environ.get("AISLE_LONG", "") == "1" else sized("3000", "800")


class Skip(Exception):
    pass


def run(*words, want=0):
    r = subprocess.run(words, capture_output=True)
    if r.returncode != want:
        raise AssertionError("%s: exit %d, not %d: %s" % (
            " ".join(words), r.returncode, want, r.stderr.decode()))
    return r.stdout.decode() if want == 0 else r.stderr.decode()


def meta(store):
    return json.loads(run(DUMP_META, store))


def same_store(have, want, what):
    a, b = meta(have), meta(want)
    names = sorted(set(a["arrays"]) | set(b["arrays"]))
    bad = [n for n in names if a["arrays"].get(n) != b["arrays"].get(n)]
    if bad:
        raise AssertionError("%s: arrays differ: %s" % (what, ", ".join(bad)))
    for key in sorted(set(a) | set(b)):
        if key not in PASSING and key != "arrays" and a.get(key) != b.get(key):
            raise AssertionError("%s: meta %s is %r, expected %r" % (
                what, key, a.get(key), b.get(key)))


class Log:
    """A shop's log as CSV, its store, and its rows."""

    def __init__(self, folder):
        self.folder = folder
        run(AISLE, "generate", "--sessions", SESSIONS, "--products", "500", "-o",
            self.path("gen"))
        self.csv = self.path("gen/events.csv")
        self.store = self.path("csv.aisle")
        run(AISLE, "import", "mkechinov", self.csv, "--into", self.store)
        with open(self.csv, newline="") as f:
            self.rows = list(csv.DictReader(f))

    def path(self, name):
        return os.path.join(self.folder, name)

    def same(self, file, what):
        store = self.path("other.aisle")
        run(AISLE, "import", "mkechinov", file, "--into", store)
        same_store(store, self.store, what)

    def table(self):
        columns = {k: [r[k] or None for r in self.rows] for k in self.rows[0]}
        t = pa.table(columns)
        time = pc.strptime(pc.utf8_slice_codeunits(t["event_time"], 0, 19),
                           "%Y-%m-%d %H:%M:%S", "us")
        t = t.set_column(0, "event_time", time.cast(pa.timestamp("us", "UTC")))
        for name, kind in (("product_id", pa.int64()), ("category_id", pa.uint64()),
                           ("price", pa.float64()), ("user_id", pa.int32())):
            t = t.set_column(t.column_names.index(name), name, t[name].cast(kind))
        return t


def test_json_stores(log):
    lines = log.path("log.jsonl")
    with open(lines, "w") as f:
        for r in log.rows:
            f.write(json.dumps(r) + "\n")
    log.same(lines, "JSON lines")
    with open(log.path("log.json"), "w") as f:
        json.dump(log.rows, f, indent=1)
    log.same(log.path("log.json"), "a JSON array")


def test_json_items(log):
    """Orders with their lines in an array, by a mapping, against the lines as CSV."""
    random.seed(4)
    flat, deep = log.path("lines.csv"), log.path("orders.jsonl")
    with open(flat, "w") as f, open(deep, "w") as g:
        f.write("order,at,who,sku,qty,price\n")
        for order in range(500):
            at = datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=37 * order)
            items = [{"sku": "P%d" % random.randrange(40), "qty": random.randrange(1, 4),
                      "price": "%d.%02d" % (random.randrange(90), random.randrange(100))}
                     for _ in range(random.randrange(5))]
            who = random.choice([None, "u%d" % random.randrange(50)])
            for i in items:
                f.write("o%d,%s,%s,%s,%d,%s\n" % (order, at, who or "", i["sku"], i["qty"],
                                                  i["price"]))
            g.write(json.dumps({"id": "o%d" % order, "at": str(at), "customer": {"id": who},
                                "tags": ["x", "y"], "lines": items}) + "\n")
    common = "kind=purchase,quantity=%s,price=%s,product=%s,session=%s,user=%s,time=at"
    run(AISLE, "import", "csv", flat, "--map",
        common % ("qty", "price", "sku", "order", "who"), "--into", log.path("f.aisle"))
    run(AISLE, "import", "csv", deep, "--map",
        common % ("lines.qty", "lines.price", "lines.sku", "id", "customer.id"),
        "--into", log.path("d.aisle"))
    a, b = meta(log.path("f.aisle")), meta(log.path("d.aisle"))
    bad = [n for n in a["arrays"] if a["arrays"][n] != b["arrays"].get(n)]
    if bad:
        raise AssertionError("arrays differ: %s" % ", ".join(bad))


def test_parquet_stores(log):
    if not pa:
        raise Skip("Python has no pyarrow")
    t = log.table()
    file = log.path("log.parquet")
    for packing in ("none", "snappy", "gzip", "zstd"):
        for words in (True, False):
            for page in ("1.0", "2.0"):
                pq.write_table(t, file, compression=packing, use_dictionary=words,
                               data_page_version=page, row_group_size=7001)
                log.same(file, "pyarrow, %s, dictionary %s, pages %s" % (packing, words, page))
    pq.write_table(t, file, use_deprecated_int96_timestamps=True)
    log.same(file, "pyarrow, INT96")


def test_folder_of_parts(log):
    if not pa:
        raise Skip("Python has no pyarrow")
    t = log.table()
    parts = log.path("parts")
    os.mkdir(parts)
    for i, at in enumerate(range(0, t.num_rows, 5000)):
        pq.write_table(t.slice(at, 5000), os.path.join(parts, "part-%05d.parquet" % i))
    for name in ("_SUCCESS", ".part-00000.parquet.crc"):
        open(os.path.join(parts, name), "w").close()
    log.same(parts, "a folder of parts")


def test_duckdb_stores(log):
    if not pa or not duckdb:
        raise Skip("Python has no DuckDB or no pyarrow")
    db = duckdb.connect()
    db.execute("set timezone='UTC'")
    db.register("log", log.table())
    for packing in ("uncompressed", "snappy", "gzip", "zstd"):
        for version in ("v1", "v2"):
            file = log.path("duck.parquet")
            db.execute("copy log to '%s' (format parquet, compression %s, parquet_version %s, "
                       "row_group_size 4096)" % (file, packing, version))
            log.same(file, "DuckDB, %s, %s" % (packing, version))


# ---- every type


def made_table(n):
    day = datetime.date(1970, 1, 1)

    def some(f):
        return [None if random.random() < .1 else f() for _ in range(n)]

    def number(bits):
        return lambda: random.randint(-2 ** (bits - 1), 2 ** (bits - 1) - 1)

    def real():
        return random.choice([round(random.random() * 100, 2), random.random() * 1e-9,
                              random.random() * 1e30, -5.0])

    return pa.table({
        "i8": pa.array(some(number(8)), pa.int8()),
        "i32": pa.array(some(number(32)), pa.int32()),
        "i64": pa.array(some(number(64)), pa.int64()),
        "u64": pa.array(some(lambda: random.randint(0, 2 ** 64 - 1)), pa.uint64()),
        "all": pa.array(range(n), pa.int64()),
        "f32": pa.array(some(real), pa.float32()),
        "f64": pa.array(some(real), pa.float64()),
        "few": pa.array(some(lambda: random.choice(["a", "bb", "", "\u00fcn\u00ef"]))),
        "many": pa.array(some(lambda: "x%d" % random.randrange(10 ** 9))),
        "yes": pa.array(some(lambda: random.random() < .5)),
        "day": pa.array(some(lambda: day + datetime.timedelta(random.randint(-9999, 30000))),
                        pa.date32()),
        "ms": pa.array(some(lambda: random.randint(-10 ** 12, 2 * 10 ** 12)),
                       pa.timestamp("ms", "UTC")),
        "us": pa.array(some(lambda: random.randint(-10 ** 15, 2 * 10 ** 15)),
                       pa.timestamp("us")),
        "ns": pa.array(some(lambda: random.randint(-10 ** 18, 2 * 10 ** 18)),
                       pa.timestamp("ns", "UTC")),
        "dec": pa.array(some(lambda: decimal.Decimal(random.randint(-10 ** 9, 10 ** 9))
                             .scaleb(-2)), pa.decimal128(12, 2)),
        "big": pa.array(some(lambda: decimal.Decimal(random.randint(-10 ** 35, 10 ** 35))
                             .scaleb(-5)), pa.decimal128(38, 5)),
        "fix": pa.array(some(lambda: bytes(random.choice(b"abcd") for _ in range(3))),
                        pa.binary(3)),
        "list": pa.array(some(lambda: [round(random.random(), 3)
                                       for _ in range(random.randrange(4))]),
                         pa.list_(pa.float32())),
        "in": pa.array(some(lambda: {"x": random.choice([1, None]), "y": "k"}),
                       pa.struct([("x", pa.int32()), ("y", pa.string())])),
    })


def time_text(x, unit, zone):
    per = {"ms": 10 ** 3, "us": 10 ** 6, "ns": 10 ** 9}[unit]
    day, rest = divmod(x, 86400 * per)
    s, part = divmod(rest, per)
    text = "%s%s%02d:%02d:%02d" % (
        datetime.date(1970, 1, 1) + datetime.timedelta(day), "T" if zone else " ", s // 3600,
        s // 60 % 60, s % 60)
    if part:
        text += (".%0*d" % (len(str(per)) - 1, part)).rstrip("0")
    return text + ("Z" if zone else "")


def same_cell(kind, value, text):
    if value is None:
        return text == ""
    if pa.types.is_floating(kind):
        narrow = pa.types.is_float32(kind)
        return struct.pack("f" if narrow else "d", float(text)) == \
            struct.pack("f" if narrow else "d", value)
    if pa.types.is_list(kind):
        parts = text.split("|") if text else []
        return len(parts) == len(value) and all(
            same_cell(kind.value_type, v, p) for v, p in zip(value, parts))
    if pa.types.is_boolean(kind):
        return text == ("true" if value else "false")
    if pa.types.is_decimal(kind):
        return text == format(value, "f")
    if isinstance(value, bytes):
        return text == value.decode()
    return text == str(value)


def same_rows(file, t, what):
    t = t.flatten()
    lines = run(DUMP_TABLE, file).split("\n")
    if lines[0].split("\t") != t.column_names:
        raise AssertionError("%s: columns are %s" % (what, lines[0]))
    rows = [line.split("\t") for line in lines[1:-1]]
    if len(rows) != t.num_rows:
        raise AssertionError("%s: %d rows, not %d" % (what, len(rows), t.num_rows))
    for i, name in enumerate(t.column_names):
        kind = t.column(i).type
        if pa.types.is_timestamp(kind):
            values = [None if v is None else time_text(v, kind.unit, kind.tz)
                      for v in t.column(i).cast(pa.int64()).to_pylist()]
        else:
            values = t.column(i).to_pylist()
        for r, value in enumerate(values):
            if not same_cell(kind, value, rows[r][i]):
                raise AssertionError("%s: row %d, %s is %r, expected %r" % (
                    what, r, name, rows[r][i], value))


def test_all_types(log):
    if not pa:
        raise Skip("Python has no pyarrow")
    random.seed(1)
    t = made_table(3000)
    file = log.path("types.parquet")
    for packing in ("none", "zstd"):
        for words in (True, False):
            for page in ("1.0", "2.0"):
                for size in (200, 1 << 20):
                    pq.write_table(t, file, compression=packing, use_dictionary=words,
                                   data_page_version=page, data_page_size=size,
                                   row_group_size=1100)
                    same_rows(file, pq.read_table(file), "%s, dictionary %s, pages %s of %d" % (
                        packing, words, page, size))
    pq.write_table(t, file, use_dictionary=False, column_encoding={
        "i32": "DELTA_BINARY_PACKED", "i64": "DELTA_BINARY_PACKED", "ms": "DELTA_BINARY_PACKED",
        "many": "DELTA_LENGTH_BYTE_ARRAY", "few": "DELTA_LENGTH_BYTE_ARRAY", "yes": "RLE",
        "f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT"})
    same_rows(file, pq.read_table(file), "deltas and split bytes")


def test_cut_short(log):
    """Every cut of a file is refused with a message, whatever lies at the cut."""
    if not pa:
        raise Skip("Python has no pyarrow")
    file = log.path("whole.parquet")
    pq.write_table(log.table().slice(0, 300), file)
    whole = open(file, "rb").read()
    for at in range(0, len(whole), 501):
        with open(log.path("cut.parquet"), "wb") as f:
            f.write(whole[:at])
        text = run(AISLE, "import", "mkechinov", log.path("cut.parquet"), "--into",
                   log.path("cut.aisle"), want=1)
        if at > 4 and "Parquet" not in text:
            raise AssertionError("cut at %d: %s" % (at, text))


# ---- what is written


def floats(text):
    return [struct.unpack("f", struct.pack("f", float(x)))[0] for x in text]


def test_vectors_come_back(log):
    store, text = log.store, log.path("v.vec")
    run(AISLE, "train", "item2vec", store, "--dim", "12", "--epochs", "1")
    run(AISLE, "export", "vectors", store, "-o", text)
    want = open(text).read()
    for form in ("parquet", "parquet-wide"):
        file, back = log.path(form + ".parquet"), log.path("back.vec")
        run(AISLE, "export", "vectors", store, "-o", file, "--format", form, "--model",
            "item2vec")
        run(AISLE, "import", "vectors", form, file, "--into", store)
        run(AISLE, "export", "vectors", store, "-o", back, "--model", form)
        if open(back).read() != want:
            raise AssertionError("%s: other vectors come back" % form)
    if not pa:
        raise Skip("Python has no pyarrow; vectors came back to aisle")
    lines = [line.split(" ") for line in want.split("\n")[1:] if line]
    want = {line[0]: floats(line[1:]) for line in lines}
    t = pq.read_table(log.path("parquet.parquet")).to_pydict()
    if dict(zip(t["product"], t["vector"])) != want:
        raise AssertionError("pyarrow reads other vectors")
    t = pq.read_table(log.path("parquet-wide.parquet"))
    if {r[0]: list(r[1:]) for r in zip(*(c.to_pylist() for c in t.columns))} != want:
        raise AssertionError("pyarrow reads other wide vectors")
    if duckdb:
        have = duckdb.sql("select product, vector from '%s'" % log.path("parquet.parquet"))
        if {k: list(v) for k, v in have.fetchall()} != want:
            raise AssertionError("DuckDB reads other vectors")


def pairs_of(file, directed):
    lines = [line.rstrip("\n").split("\t") for line in open(file)]
    return sorted((a, b, n) if directed or a < b else (b, a, n) for a, b, n in lines)


def test_edges_come_back(log):
    """What export edges writes is a store of edges again, whatever the form."""
    for relation in ("co-purchase", "co-view", "view-purchase", "adjacent-view"):
        directed = relation in ("view-purchase", "adjacent-view")
        file, back, store = log.path("want.edg"), log.path("back.edg"), log.path("e.aisle")
        run(AISLE, "export", "edges", log.store, "--relation", relation, "-o", file)
        want = pairs_of(file, directed)
        for form in ("edg", "csv", "tsv", "jsonl", "parquet"):
            file = log.path("edges." + form)
            run(AISLE, "export", "edges", log.store, "--relation", relation, "-o", file)
            run(AISLE, "import", "edges", file, "--relation", relation, "--into", store)
            run(AISLE, "verify", store)
            run(AISLE, "export", "edges", store, "--relation", relation, "-o", back)
            if pairs_of(back, directed) != want:
                raise AssertionError("%s as %s: other edges come back" % (relation, form))
    file = log.path("few.csv")
    for text, said in (("a,b\nA,A\nB,C,0\n", "few.csv:3: a weight is a whole number"),
                       ("A;B\nB;C\nB;\n", "few.csv:3: an id is empty"),
                       ("A\n", "few.csv:1: an edge is two ids and a weight"),
                       ("a,b\nA,A\n", "has no edge")):
        with open(file, "w") as f:
            f.write(text)
        err = run(AISLE, "import", "edges", file, "--into", log.path("few.aisle"), want=1)
        if said not in err:
            raise AssertionError("%r: %s" % (text, err))
    with open(file, "w") as f:
        f.write("A;B\nB;C;4\nB;A;2\nC;C\n")
    run(AISLE, "import", "edges", file, "--relation", "co-view", "--into",
        log.path("few.aisle"))
    run(AISLE, "export", "edges", log.path("few.aisle"), "-o", file + ".edg")
    if pairs_of(file + ".edg", False) != [("A", "B", "3"), ("B", "C", "4")]:
        raise AssertionError("equal edges aren't added")


def test_walks_on_edges(log):
    """Models of walks and of sessions learn from a store of edges."""
    file, store = log.path("walks.csv"), log.path("walks.aisle")
    run(AISLE, "export", "edges", log.store, "--relation", "adjacent-view", "-o", file)
    run(AISLE, "import", "edges", file, "--relation", "adjacent-view", "--into", store)
    ends = {x for row in csv.DictReader(open(file)) for x in (row["a"], row["b"])}
    walks = ["--walks", "2"]
    for model, more in (("deepwalk", walks), ("node2vec", walks), ("item2vec", [])):
        run(AISLE, "train", model, store, "--dim", "8", "--epochs", "1", *more)
        vectors = log.path(model + ".vec")
        run(AISLE, "export", "vectors", store, "--model", model, "-o", vectors)
        have = {line.split(" ")[0] for line in open(vectors).read().split("\n")[1:] if line}
        if have != ends:
            raise AssertionError("%s: %d vectors of %d products" % (model, len(have), len(ends)))
        run(AISLE, "near", store, "--model", model, sorted(ends)[0])


def plain(value):
    if isinstance(value, datetime.datetime):
        text = value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        return text + (".%03d" % (value.microsecond // 1000) if value.microsecond else "") + "Z"
    return value


def test_tables_are_read(log):
    if not pa:
        raise Skip("Python has no pyarrow")
    run(AISLE, "train", "item2vec", log.store, "--dim", "12", "--epochs", "1", "--as", "i2v")
    run(AISLE, "train", "clusters", log.store, "--model", "i2v", "--clusters", "5", "--as",
        "five")
    for what in (["products"], ["pairs"], ["transitions"], ["sessions"], ["users"], ["edges"],
                 ["clusters", "--model", "five"], ["lists", "--of", "products", "--top", "3"]):
        name = what[0]
        run(AISLE, "export", name, log.store, *what[1:], "-o", log.path(name + ".parquet"))
        run(AISLE, "export", name, log.store, *what[1:], "-o", log.path(name + ".jsonl"))
        want = [json.loads(line) for line in open(log.path(name + ".jsonl"))]
        for reader in ("pyarrow", "DuckDB"):
            if reader == "pyarrow":
                t = pq.read_table(log.path(name + ".parquet"))
            elif duckdb:
                db = duckdb.connect()
                db.execute("set timezone='UTC'")
                t = db.execute("select * from '%s'" % log.path(name + ".parquet")
                               ).to_arrow_table()
            if t.column_names != list(want[0]) or t.num_rows != len(want):
                raise AssertionError("%s: %s reads %d rows of %s" % (
                    name, reader, t.num_rows, t.column_names))
            for column in t.column_names:
                have = t[column].to_pylist()
                for i, row in enumerate(want):
                    if plain(have[i]) != row[column]:
                        raise AssertionError("%s, row %d, %s: %s reads %r, expected %r" % (
                            name, i, column, reader, have[i], row[column]))


TESTS = [test_json_stores, test_json_items, test_parquet_stores, test_duckdb_stores,
         test_folder_of_parts, test_all_types, test_cut_short, test_vectors_come_back,
         test_edges_come_back, test_walks_on_edges, test_tables_are_read]


def main():
    failed = 0
    print("1..%d" % len(TESTS))
    with tempfile.TemporaryDirectory() as folder:
        log = Log(folder)
        for i, test in enumerate(TESTS):
            name = test.__name__[5:].replace("_", " ")
            try:
                test(log)
                print("ok %d - %s" % (i + 1, name), flush=True)
            except Skip as e:
                print("ok %d - %s # SKIP %s" % (i + 1, name, e), flush=True)
            except AssertionError as e:
                failed += 1
                print("not ok %d - %s\n# %s" % (i + 1, name, e), flush=True)
    sys.exit(failed > 0)


main()
