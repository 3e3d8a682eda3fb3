# SPDX-License-Identifier: GPL-3.0-or-later
"""The same work by others: DuckDB and scipy, each in a process of its own.

Called as a program it does one piece of work and prints a JSON line with its seconds:
only the work is timed, not the start of the interpreter nor what is prepared.
"""
import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time

COLUMNS = {
    "event_time": "TIMESTAMP", "event_type": "VARCHAR", "product_id": "BIGINT",
    "category_id": "BIGINT", "category_code": "VARCHAR", "brand": "VARCHAR",
    "price": "DECIMAL(12,2)", "user_id": "BIGINT", "user_session": "VARCHAR",
}


def have(name):
    return importlib.util.find_spec(name) is not None


def versions():
    names = ("duckdb", "scipy", "numpy", "gensim")
    return ", ".join(f"{n} {importlib.metadata.version(n)}" if have(n) else
                     f"{n} not installed" for n in names)


class Anonymous:
    """The peak of a process's anonymous memory, looked at every 5 ms."""

    def __init__(self, pid):
        self.path, self.peak, self.over = f"/proc/{pid}/status", 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while not self.over.wait(0.005):
            try:
                with open(self.path) as f:
                    for line in f:
                        if line.startswith("RssAnon"):
                            self.peak = max(self.peak, int(line.split()[1]))
            except OSError:
                return

    def stop(self):
        """MiB."""
        self.over.set()
        self.thread.join()
        return self.peak / 1024


def worker(work, *args):
    child = subprocess.Popen([sys.executable, __file__, work, *map(str, args)],
                             stdout=subprocess.PIPE)
    peak = Anonymous(child.pid)
    text = child.stdout.read()
    if child.wait() != 0:
        sys.exit(f"peer {work}: exit code {child.returncode}")
    return json.loads(text), peak.stop()


def duckdb_import(events, folder, threads):
    """Seconds and peak of anonymous memory (MiB, with the interpreter's)."""
    result, peak = worker("import", events, folder, threads)
    return result["seconds"], peak


def sqlite_import(events, folder):
    """Seconds of the sqlite3 program: columns with the same types, synced."""
    path = os.path.join(folder, "bench.sqlite")
    if not shutil.which("sqlite3"):
        return None
    if os.path.exists(path):
        os.remove(path)
    start = time.monotonic()
    subprocess.run(["sqlite3", path,
                    "CREATE TABLE events(event_time TEXT, event_type TEXT, product_id INTEGER, "
                    "category_id INTEGER, category_code TEXT, brand TEXT, price REAL, "
                    "user_id INTEGER, user_session TEXT)",
                    f".import --csv --skip 1 '{events}' events"], check=True)
    seconds = time.monotonic() - start
    os.remove(path)
    return seconds


def scipy_count(events, folder, threads):
    """Seconds, distinct unordered pairs, their sum."""
    r, _ = worker("scipy", events, folder, threads)
    return r["seconds"], r["pairs"], r["instances"]


def duckdb_count(events, folder, threads):
    r, _ = worker("duckdb", events, folder, threads)
    return r["seconds"], r["pairs"], r["instances"]


def read_csv(events):
    types = ", ".join(f"'{k}': '{v}'" for k, v in COLUMNS.items())
    return (f"read_csv('{events}', header = true, auto_detect = false, delim = ',', "
            f"quote = '\"', timestampformat = '%Y-%m-%d %H:%M:%S UTC', "
            f"columns = {{{types}}})")


def work_import(events, folder, threads):
    import duckdb

    path = os.path.join(folder, "bench.duckdb")
    for name in (path, path + ".wal"):
        if os.path.exists(name):
            os.remove(name)
    start = time.monotonic()
    db = duckdb.connect(path, config={"threads": int(threads)})
    db.execute(f"CREATE TABLE events AS SELECT * FROM {read_csv(events)}")
    db.execute("CHECKPOINT")
    db.close()
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)
    return {"seconds": time.monotonic() - start}


def baskets(events, threads):
    """A database in memory with distinct (session, product) numbers of the views."""
    import duckdb

    db = duckdb.connect(config={"threads": int(threads)})
    db.execute(f"""CREATE TABLE v AS
        SELECT DISTINCT dense_rank() OVER (ORDER BY user_session)::INT - 1 AS s,
               dense_rank() OVER (ORDER BY product_id)::INT - 1 AS p
        FROM {read_csv(events)} WHERE event_type = 'view'""")
    db.execute("CREATE TABLE w AS SELECT * FROM v ORDER BY s, p")
    return db


def work_scipy(events, folder, threads):
    import numpy
    import scipy.sparse

    v = baskets(events, threads).execute("SELECT s, p FROM w").fetchnumpy()
    ones = numpy.ones(len(v["s"]), dtype=numpy.int32)
    a = scipy.sparse.csr_matrix((ones, (v["s"], v["p"])))
    start = time.monotonic()
    counts = (a.T.tocsr() @ a).tocsr()
    seconds = time.monotonic() - start
    counts.setdiag(0)
    counts.eliminate_zeros()
    return {"seconds": seconds, "pairs": int(counts.nnz) // 2,
            "instances": int(counts.sum(dtype=numpy.int64)) // 2}


def work_duckdb(events, folder, threads):
    db = baskets(events, threads)
    start = time.monotonic()
    db.execute("""CREATE TABLE pairs AS SELECT a.p AS a, b.p AS b, count(*)::INT AS n
        FROM w a JOIN w b ON a.s = b.s AND a.p < b.p GROUP BY ALL""")
    seconds = time.monotonic() - start
    pairs, instances = db.execute("SELECT count(*), sum(n) FROM pairs").fetchone()
    return {"seconds": seconds, "pairs": pairs, "instances": int(instances)}


if __name__ == "__main__":
    work = {"import": work_import, "scipy": work_scipy, "duckdb": work_duckdb}
    print(json.dumps(work[sys.argv[1]](*sys.argv[2:])))
