# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports that need more memory than they may have: the same store, and no traces."""
import ctypes
import os
import random
import signal
import subprocess
import time

from harness import *

TINY = ("--memory", "1M")
DISK = path("disk")
libc = ctypes.CDLL(None)


def contents(store):
    """All arrays with their checksums, and what else depends on the log alone."""
    with open(os.path.join(store, "CURRENT")) as f:
        with open(os.path.join(store, f.read().strip()), "rb") as g:
            data = g.read()
    text = data[data.rindex(b'{"arrays":{"'):].decode("latin-1")
    meta = json.JSONDecoder().raw_decode(text)[0]
    return {k: meta[k] for k in ("arrays", "indexes", "counts", "options", "longest")
            if k in meta}


def differences(a, b):
    names = [n for n in sorted(set(a["arrays"]) | set(b["arrays"]))
             if a["arrays"].get(n) != b["arrays"].get(n)]
    rest = [k for k in set(a) | set(b) if k != "arrays" and a.get(k) != b.get(k)]
    return "different: %s" % (names + rest) if names + rest else ""


def shuffled(file):
    """The same events in an order that is none."""
    with open(file) as f:
        head, *rows = f.readlines()
    random.Random(5).shuffle(rows)
    with open(path("shuffled.csv"), "w") as f:
        f.writelines([head, *rows])
    return path("shuffled.csv")


def same(files):
    faults = []
    for file in files:
        wanted = contents(imported(path("all.aisle"), file, "--max-session", "8"))
        for more in (TINY, (*TINY, "--threads", "1"), ("--memory", "8M", "--threads", "3")):
            store = imported(path("little.aisle"), file, "--max-session", "8", *more)
            faults += [differences(wanted, contents(store)), leftovers(store)]
    return faults


def spilled(file):
    """Does the limit make it use a temporary file at all? Seen from outside."""
    p = start("import", "mkechinov", file, "--into", path("seen.aisle"), "-q", *TINY)
    seen = False
    while p.poll() is None:
        try:
            links = [os.readlink("/proc/%d/fd/%s" % (p.pid, n))
                     for n in os.listdir("/proc/%d/fd" % p.pid)]
        except OSError:
            continue
        seen |= any("seen.aisle/" in x and x.endswith(" (deleted)") for x in links)
    return "" if seen else "no temporary file was seen"


def strangers(n):
    """A log in which nothing comes twice: nearly all of it is ids."""
    with open(path("strangers.csv"), "w") as f:
        f.write("event_time,event_type,product_id,category_id,category_code,brand,price,"
                "user_id,user_session\n")
        for i in range(n):
            f.write("2024-10-%02d 10:00:00 UTC,view,%d,7,shoes,b%d,9.50,%d,session-%032x\n"
                    % (i * 28 // n + 1, 10 ** 9 + i * 7919 % n, i % 1000, 5 * 10 ** 8 + i, i))
    return path("strangers.csv")


def peak(file, store, *more):
    """MiB of anonymous memory at most, looked at again and again."""
    p = start("import", "mkechinov", file, "--into", path(store), "-q", *more)
    most = 0
    while p.poll() is None:
        try:
            with open("/proc/%d/status" % p.pid) as f:
                most = max([most] + [int(x.split()[1]) for x in f if x.startswith("RssAnon")])
        except (OSError, ValueError):
            pass
        time.sleep(0.002)
    return most / 1024 if p.returncode == 0 else -1


def bounded(file):
    """Ids, too, keep to --memory."""
    free = peak(file, "free.aisle")
    faults = ["ids take %.0f MiB only" % free if free < 60 else ""]
    for mib in (40, 20):
        took = peak(file, "bound.aisle", "--memory", "%dM" % mib)
        note("%.0f MiB of %d, without it %.0f" % (took, mib, free))
        faults += ["" if 0 < took <= 1.1 * mib else "%.1f MiB of %d" % (took, mib),
                   differences(contents(path("free.aisle")), contents(path("bound.aisle")))]
    return faults + [leftovers(path("bound.aisle"))]


def killed(small, big):
    faults, kills, seconds = [], 0, 10.0
    store = imported(path("killed.aisle"), small)
    for turn in range(100 if LONG else 12):
        begin = time.monotonic()
        p = start("import", "mkechinov", big, "--into", store, "-q", *TINY)
        try:
            p.wait(rng.uniform(0, seconds) if turn else None)
            seconds = min(seconds, time.monotonic() - begin)
        except subprocess.TimeoutExpired:
            p.kill()
        kills += p.wait() == -signal.SIGKILL
        faults.append(whole(store))
    imported(store, big, *TINY)
    note("%d kills" % kills)
    return faults + [leftovers(store)]


def mount(kib):
    return libc.mount(b"none", os.fsencode(DISK), b"tmpfs", ctypes.c_ulong(0),
                      b"size=%dk" % kib) == 0


def full(file):
    """The temporary file and the store share a disk that is too small for both."""
    faults, filled, store = [], 0, os.path.join(DISK, "shop.aisle")
    for kib in range(100, 9000, 100 if LONG else 1100):
        mount(kib)
        try:
            p = aisle("import", "mkechinov", file, "--into", store, "-q", *TINY)
            if p.returncode:
                filled += 1
                faults += refused(p, 5, "disk full")
                faults.append("a store was left" if os.path.exists(store) else "")
            else:
                faults += [whole(store), leftovers(store)]
        finally:
            libc.umount2(os.fsencode(DISK), 0)
    note("%d disks were full" % filled)
    return faults + ["" if filled else "no disk was full"]


def crowded(file):
    """The disk has room for the store, not for what --memory would move there beside it."""
    faults, told, store = [], 0, os.path.join(DISK, "shop.aisle")
    wanted = imported(path("wanted.aisle"), file)
    for mib in range(20, 68, 2 if LONG else 8):
        mount(mib << 10)
        try:
            p = aisle("import", "mkechinov", file, "--into", store, "--memory", "8M")
            said = [x for x in p.stderr.splitlines(True) if b"beyond --memory" in x]
            told += len(said)
            faults += ["said more than once" if len(said) > 1 else "",
                       "no reason" if said and not said[0].endswith(b": disk full\n") else ""]
            if p.returncode:
                p.stderr = p.stderr.replace(b"".join(said), b"")
                faults += refused(p, 5, "disk full")
            else:
                faults += [differences(contents(wanted), contents(store)), leftovers(store)]
        finally:
            libc.umount2(os.fsencode(DISK), 0)
    note("%d disks were too small, which was said" % told)
    p = aisle("import", "mkechinov", file, "--into", path("roomy.aisle"), "--memory", "8M")
    faults.append("said without need" if b"beyond --memory" in p.stderr else "")
    return faults + ["" if told else "no disk was too small"]


def wrong_sizes(file):
    faults = []
    for text in ("", "0", "-1", "many", "1K", "8X"):
        p = aisle("import", "mkechinov", file, "--into", path("no.aisle"), "-q",
                  "--memory", text)
        faults += refused(p, 2, "--memory")
    return faults


big = generated("big", 800, 6000)
os.mkdir(DISK)
check("the same with little memory", *same([big, shuffled(big)]))
if not SANITIZED:	# nothing is laid into files there
    check("ids keep to the memory", *bounded(strangers(400000)))
check("there is a temporary file", spilled(big))
check("killed with a temporary file", *killed(small_shop("small.csv"), big))
check("sizes that are none", *wrong_sizes(big))
if os.geteuid() != 0 or not mount(64):
    skip("a full disk", "it takes a tmpfs of its own, and so root")
    finish()
libc.umount2(os.fsencode(DISK), 0)
check("a full disk", *full(big))
if not SANITIZED:
    check("a disk too small for the memory", *crowded(strangers(100000)))
finish()
