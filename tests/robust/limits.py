# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of a shell: sizes of files, descriptors, memory, a reader that leaves. Each command
says what it lacks and ends with exit code 5; what is there stays whole."""
import os
import resource
import shutil
import subprocess

from harness import *

LOG = generated("shop", 60, 900)
STORE = imported(path("shop.aisle"), LOG)
with open(LOG) as f:
    ONE, TWO = sorted({row["product_id"] for row in csv.DictReader(f)})[:2]
WRITERS = [
    ("import", "mkechinov", LOG, "--into", path("new.aisle"), "-q"),
    ("import", "mkechinov", LOG, "--into", STORE, "-q"),
    ("train", "covis", STORE, "-q"),
    ("evaluate", STORE, "covis", "-q"),
    ("export", "sessions", STORE, "-o", path("x.csv"), "-q"),
    ("export", "edges", STORE, "-o", path("x.mtx"), "-q"),
    ("generate", "--products", "60", "--sessions", "9000", "-o", path("made"), "-q"),
    ("verdict", "approve", STORE, "--product", ONE, "--with", TWO),
]
READERS = [("info", STORE), ("show", "products", STORE), ("show", "pairs", STORE), ("verify", STORE),
           ("show", "leaderboard", STORE), ("show", "models", STORE)]


def limited(which, much, args, **more):
    def limit():
        resource.setrlimit(which, (much, much))
    return aisle(*args, preexec_fn=limit, **more)


def ended(p, codes, what):
    """Faults of an end: by itself, with such a code, and with a word when it failed."""
    faults = [died(p)]
    if p.returncode not in codes:
        faults.append("%s, %s: %s" % (what, " ".join(p.args[1:4]), shown(p)))
    if p.returncode and not p.stderr:
        faults.append("%s, %s: without a word" % (what, " ".join(p.args[1:4])))
    if b"damaged" in p.stderr:
        faults.append("%s, %s: %r" % (what, " ".join(p.args[1:4]), p.stderr[:300]))
    return faults


def sizes():
    """A file can't grow: exit 5 or, where the command needs no more, 0."""
    faults = []
    for much in (0, 1000, 30000):
        for args in WRITERS:
            shutil.rmtree(path("made"), ignore_errors=True)
            faults += ended(limited(resource.RLIMIT_FSIZE, much, args), (0, 5),
                            "%d bytes" % much)
            with open(path("out"), "wb") as out:
                faults += ended(limited(resource.RLIMIT_FSIZE, 100, READERS[1], stdout=out), (5,),
                                "its output")
        faults.append(whole(STORE))
    return faults


def descriptors():
    faults = []
    for much in range(4, 12):
        for args in WRITERS + READERS:
            shutil.rmtree(path("made"), ignore_errors=True)
            p = limited(resource.RLIMIT_NOFILE, much, args)
            if p.returncode == 127 and b"shared libraries" in p.stderr:
                continue    # the loader's, before there is a program
            faults += ended(p, (0, 3, 5), "%d descriptors" % much)
    return faults + [whole(STORE)]


def memory():
    faults = []
    for much in (24, 32, 48, 96, 256):
        for args in WRITERS + READERS:
            shutil.rmtree(path("made"), ignore_errors=True)
            p = limited(resource.RLIMIT_AS, much << 20, args)
            if p.returncode in (127, -11, -6) and (b"shared" in p.stderr or not p.stderr):
                continue
            faults += ended(p, (0, 3, 5), "%d MiB" % much)
    return faults + [whole(STORE)]


def readers():
    """Whoever reads the output leaves: a quiet end."""
    faults = []
    for args in READERS + [("export", "sessions", STORE, "-o", "-"), ("help", "man")]:
        p = subprocess.Popen([AISLE, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        p.stdout.close()
        said = p.stderr.read()
        if p.wait(30) != 0 or said:
            faults.append("%s: exit %d, %r" % (" ".join(args[:2]), p.returncode, said[:200]))
    return faults


def killed():
    """What a killed evaluation left is swept by the next one; that of a living one isn't."""
    dead = subprocess.Popen(["true"])
    dead.wait()
    names = ["evaluation-0000000000000001-%d.json.%d-0.tmp" % (pid, pid)
             for pid in (dead.pid, os.getpid())]
    for name in names:
        with open(os.path.join(STORE, name), "w") as f:
            f.write("{")
    faults = [worked(aisle("evaluate", STORE, "covis", "-q"))]
    left = [os.path.exists(os.path.join(STORE, name)) for name in names]
    os.unlink(os.path.join(STORE, names[1]))
    return faults + ["" if left == [False, True] else "left: %s" % left]


check("sizes of files", sizes())
check("descriptors", descriptors())
if SANITIZED:
    skip("memory", "sanitizers need more")
else:
    check("memory", memory())
check("a reader that leaves", readers())
check("leftovers of evaluations", killed())
finish()
