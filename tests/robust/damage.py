# SPDX-License-Identifier: GPL-3.0-or-later
"""Cut and damaged catalogs: verify names what is wrong, nothing dies without a word."""
import collections
import os
import shutil
import struct
import subprocess

from harness import *

STORE = imported(path("shop.aisle"), small_shop("shop.csv", 120))
with open(os.path.join(STORE, "CURRENT")) as f:
    FILE = os.path.join(STORE, f.read().strip())
with open(FILE, "rb") as f:
    GOOD = f.read()
PAGE = struct.unpack_from("<I", GOOD, 40)[0]
# Pages of LMDB's trees and its meta pages: few, and what all else hangs on.
TREE = [p for p in range(0, len(GOOD), PAGE) if struct.unpack_from("<H", GOOD, p + 10)[0] & 0x0b
        and struct.unpack_from("<Q", GOOD, p)[0] == p // PAGE]
SHOWS = [
    ("info", STORE, "--format", "json"),
    ("show", "products", STORE, "--format", "tsv"),
    ("show", "categories", STORE, "--format", "tsv"),
    ("show", "product", STORE, "--product", "1000", "--format", "tsv"),
    ("show", "pairs", STORE, "--relation", "co-view", "--format", "tsv"),
    ("show", "similar", STORE, "--product", "1000", "--format", "tsv"),
    ("show", "complementary", STORE, "--product", "1000", "--format", "tsv"),
    ("show", "transitions", STORE, "--format", "tsv"),
]
FEW = 5 if SANITIZED else 20
EXPECTED = [aisle(*args).stdout for args in SHOWS]


def write(data):
    """A new file each time: nobody's map changes under it."""
    with open(FILE + ".new", "wb") as f:
        f.write(data)
    os.rename(FILE + ".new", FILE)


def show(i, may_differ):
    """No death; and no other answer where the damage was not found."""
    p = aisle(*SHOWS[i], timeout=60)
    name = " ".join(SHOWS[i][:2])
    if died(p):
        return [died(p)]
    if p.returncode == 0:
        if p.stdout != EXPECTED[i] and not may_differ:
            return ["%s: another answer, and verify found nothing" % name]
    elif p.returncode not in (1, 3):
        return ["%s: %s" % (name, shown(p))]
    elif p.stderr.count(b"\n") != 1:
        return ["%s: not one line: %s" % (name, shown(p))]
    return []


def cuts():
    """At every page, around it, and inside the first two pages."""
    sizes = {0, 1, 16, 24, 40, 151, 152, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE - 1, 2 * PAGE,
             2 * PAGE + 1, 3 * PAGE, len(GOOD) - 1, len(GOOD) - PAGE, len(GOOD) + 1,
             len(GOOD) + PAGE}
    pages = range(2, len(GOOD) // PAGE)
    sizes |= {p * PAGE for p in (pages if LONG else rng.sample(pages, FEW))}
    sizes |= {rng.randrange(len(GOOD)) for _ in range(200 if LONG else FEW)}
    faults = []
    for size in sorted(sizes):
        write(GOOD[:size] + bytes(max(0, size - len(GOOD))))
        p = aisle("verify", STORE)
        faults += ["cut at %d: %s" % (size, f)
                   for f in refused(p, 3, "damaged") + show(rng.randrange(len(SHOWS)), True)
                   if f]
    note("%d cuts of %d bytes" % (len(sizes), len(GOOD)))
    check("every cut is named", faults)


def strike(data):
    """One random damage. Returns what it was."""
    kind = rng.choice(["bit", "bit", "byte", "garbage", "zeros", "page", "swap", "head"])
    at = rng.choice(TREE) + rng.randrange(PAGE) if rng.random() < 0.5 else \
        rng.randrange(len(data))
    if kind == "bit":
        data[at] ^= 1 << rng.randrange(8)
    elif kind == "byte":
        data[at] ^= rng.randrange(1, 256)
    elif kind in ("garbage", "zeros"):
        n = min(rng.choice([2, 8, 64, 512, 5000]), len(data) - at)
        data[at:at + n] = rng.randbytes(n) if kind == "garbage" else bytes(n)
    elif kind == "head":
        at = at // PAGE * PAGE + rng.randrange(64)
        data[at] ^= 1 << rng.randrange(8)
    else:
        a, b = rng.choice(TREE), rng.randrange(len(data) // PAGE) * PAGE
        first = bytes(data[a:a + PAGE])
        if kind == "swap":
            data[a:a + PAGE] = data[b:b + PAGE]
        data[b:b + PAGE] = first
        at = a
    return "%s at %d" % (kind, at)


def damages(count):
    faults, codes, ends, silent = [], collections.Counter(), collections.Counter(), 0
    i = 0
    while i < count:
        data = bytearray(GOOD)
        what = strike(data)
        if data == GOOD:
            continue
        i += 1
        write(data)
        p = aisle("verify", STORE, timeout=60)
        codes[p.returncode] += 1
        found = died(p)
        if p.returncode == 3:
            if p.stdout or b"damaged" not in p.stderr:
                found += shown(p)
        elif p.returncode != 0:
            found += shown(p)
        ends[b"crashed" in p.stderr] += 1
        silent += p.returncode == 0
        # Where verify sees nothing, nothing may have changed: all answers are the same.
        some = range(len(SHOWS)) if p.returncode == 0 else [rng.randrange(len(SHOWS))]
        for k in some:
            for f in show(k, p.returncode != 0):
                found += f + "; "
        if found:
            faults.append("damage %d, %s: %s" % (i, what, found))
    note("%d damages: %d named (%d by the child's death), %d in bytes that nobody reads"
         % (count, codes[3], ends[True], silent))
    check("every damage is named or changes nothing", faults)


def shrinks():
    """The file is cut while it is being read: the map has no pages any more."""
    p = subprocess.Popen([AISLE, "shell", STORE], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    p.stdin.write(b"show products --limit 1 --format tsv\n")
    p.stdin.flush()
    faults = ["" if p.stdout.readline() and p.stdout.readline() else "nothing shown"]
    os.truncate(FILE, 2 * PAGE)
    out, said = p.communicate(b"show pairs --relation co-view\nshow products\n", 60)
    write(GOOD)
    if p.returncode != 3 or b"aisle verify" not in said:
        faults.append("a file cut while open: exit %d, said %r" % (p.returncode, said))
    return faults


def current():
    """What CURRENT may hold."""
    name = os.path.join(STORE, "CURRENT")
    with open(name) as f:
        good = f.read()
    faults = []
    for text in ("", "\n", good[:-1], good * 2, "catalog-0.mdb\n", "catalog-7.mdb\n",
                 "catalog-01.mdb\n", "../" + good, "x" * 70000, "\0" * 20,
                 "catalog-99999999999999999999.mdb\n"):
        with open(name, "w") as f:
            f.write(text)
        for command in ("verify", "info"):
            faults += refused(aisle(command, STORE), 3, "damaged")
    os.unlink(name)
    faults += refused(aisle("verify", STORE), 3, "not a store")
    os.mkdir(name)
    faults += refused(aisle("info", STORE), 3)
    os.rmdir(name)
    with open(name, "w") as f:
        f.write(good)
    for other in (b"", b"x" * 100, b"\0" * 8192, rng.randbytes(65536)):
        write(other)
        faults += refused(aisle("info", STORE), 3, "damaged")
    os.unlink(FILE)
    faults += refused(aisle("verify", STORE), 3, "damaged", "missing")
    os.mkdir(FILE)
    faults += refused(aisle("info", STORE), 3)
    os.rmdir(FILE)
    write(GOOD)
    with open(FILE + "-lock", "wb") as f:
        f.write(rng.randbytes(8192))
    p = aisle("info", STORE)
    faults.append(died(p) or (p.returncode != 0 and p.stderr.count(b"\n") != 1 and shown(p)))
    note("a damaged lock file: " + shown(p))
    os.unlink(FILE + "-lock")
    faults += shrinks()
    check("other files of the folder", faults, worked(aisle("info", STORE)), whole(STORE))


note("%d pages, %d of trees" % (len(GOOD) // PAGE, len(TREE)))
check("all is well before", [worked(aisle(*args)) for args in SHOWS])
cuts()
damages(5000 if LONG else 40 if SANITIZED else 300)
write(GOOD)
current()
finish()
