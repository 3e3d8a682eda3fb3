# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk is a message and exit code 5; what was there stays whole."""
import ctypes
import os
import resource
import subprocess

from harness import *

DISK = path("disk")
STORE = os.path.join(DISK, "shop.aisle")
os.mkdir(DISK)
libc = ctypes.CDLL(None)


def mount(kib):
    """By the system calls: the commands want a /proc. False where it is not allowed."""
    return libc.mount(b"none", os.fsencode(DISK), b"tmpfs", ctypes.c_ulong(0),
                      b"size=%dk" % kib) == 0


def unmount():
    libc.umount2(os.fsencode(DISK), 0)


def into(kib, small, big):
    """A small store, then a big import over it. Says also: full, was there an old one?"""
    faults = []
    if not mount(kib):
        return ["mount failed"], False, False
    try:
        p = aisle("import", "mkechinov", small, "--into", STORE, "-q")
        before = ""
        if p.returncode:
            faults += refused(p, 5, "disk full")
            faults.append("a store was left" if os.path.exists(STORE) else "")
        else:
            before = info(STORE)["uuid"]
        p = aisle("import", "mkechinov", big, "--into", STORE, "-q")
        full = p.returncode != 0
        if full:
            faults += refused(p, 5, "disk full")
        if before:
            faults += [whole(STORE), leftovers(STORE)]
            if full and info(STORE)["uuid"] != before:
                faults.append("the old store is gone")
        elif full:
            faults.append("a store was left" if os.path.exists(STORE) else "")
    finally:
        unmount()
    return ["%d KiB: %s" % (kib, f) for f in faults if f], full, bool(before)


def other_outputs(big):
    """What is written elsewhere: rejects, the log of generate, stdout."""
    full = os.path.join(DISK, "fill")
    faults = []
    mount(64)
    try:
        p = aisle("generate", "--output", os.path.join(DISK, "g"), "--products", "500",
                  "--sessions", "2000")
        faults += refused(p, 5, "disk full")
        bad = path("bad.csv")
        with open(big) as f, open(bad, "w") as g:
            for i, line in enumerate(f):
                g.write(line if i % 12 or not i else "x" * 300 + "\n")
        with open(full, "wb", 0) as f:
            try:
                while True:
                    f.write(b"x" * 512)
            except OSError:
                pass
        p = aisle("import", "mkechinov", bad, "--into", path("elsewhere.aisle"), "-q",
                  "--rejects", os.path.join(DISK, "rejects"))
        faults += refused(p, 5, "disk full")
        faults.append("a store" if os.path.exists(path("elsewhere.aisle")) else "")
    finally:
        unmount()
    imported(path("elsewhere.aisle"), big)
    for form in ("text", "tsv", "json") if os.path.exists("/dev/full") else ():
        with open("/dev/full", "wb") as out:
            p = aisle("show", "products", path("elsewhere.aisle"), "--format", form,
                      stdout=out)
        faults += refused(p, 5, "disk full")
    return faults


def limited(small, big):
    """The limit of file sizes and of memory."""
    faults = []
    store = imported(path("limited.aisle"), small)
    before = info(store)["uuid"]
    for kib in (100, 1024, 4096, 5000):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (kib * 1024, kib * 1024))
        p = aisle("import", "mkechinov", big, "--into", store, "-q", preexec_fn=limit)
        if p.returncode:
            faults += refused(p, 5)
            faults.append("" if info(store)["uuid"] == before else "the old store is gone")
        else:
            before = info(store)["uuid"]
        faults += [whole(store), leftovers(store)]
    return faults


def training(small):
    """A model that finds no room: the one before goes on."""
    faults, full, free = [], 0, 0
    for kib in range(4000, 4900, 90):
        if not mount(kib):
            return ["mount failed"]
        try:
            p = aisle("import", "mkechinov", small, "--into", STORE, "-q")
            if p.returncode:
                continue
            for seed in range(1, 4):
                p = aisle("train", "covis", STORE, "-q", "--as", "m%d" % seed)
                full += p.returncode != 0
                free += p.returncode == 0
                if p.returncode:
                    faults += refused(p, 5, "disk full")
                names = sorted(info(STORE)["models"])
                if p.returncode == 0 and "m%d" % seed not in names:
                    faults.append("%d KiB: %s" % (kib, names))
                faults += [whole(STORE)]
        finally:
            unmount()
    note("%d trainings met a full disk, %d did not" % (full, free))
    return faults + ["" if full and free else "no full disk was met"]


def reading(small):
    """A store on a full disk is as healthy as before: whoever looks at it writes nothing."""
    faults = []
    if not mount(6000):
        return ["mount failed"]
    try:
        faults.append(worked(aisle("import", "mkechinov", small, "--into", STORE, "-q")))
        for name in os.listdir(STORE):
            if name.endswith("-lock"):
                os.unlink(os.path.join(STORE, name))
        with open(os.path.join(DISK, "fill"), "wb", 0) as f:
            try:
                while True:
                    f.write(b"x" * 4096)
            except OSError:
                pass
        for args in (("info",), ("verify",), ("show", "products"), ("show", "overview")):
            faults.append(worked(aisle(*args, STORE)))
        p = subprocess.run([AISLE, "explore", "--plain", STORE], input=b"show products\n",
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        faults.append(worked(p))
        faults.append(leftovers(STORE))
    finally:
        unmount()
    return faults


big = generated("big", 800, 6000)
small = small_shop("small.csv", 60)
check("a limit of file sizes", limited(small, big))
if os.geteuid() != 0 or not mount(64):
    skip("a full file system", "it takes a tmpfs of its own, and so root")
    finish()
unmount()
faults, filled, kept, sizes = [], 0, 0, range(64, 6200, 64 if LONG else 700)
for kib in sizes:
    said, full, old = into(kib, small, big)
    faults += said
    filled += full
    kept += full and old
note("%d of %d disks were full, %d of them with a store" % (filled, len(sizes), kept))
check("tmpfs of 64 KiB to 6 MiB", faults, "" if kept else "no store met a full disk")
check("other outputs", other_outputs(big))
check("training on a full disk", training(small))
check("reading on a full disk", reading(small))
finish()
