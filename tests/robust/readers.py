# SPDX-License-Identifier: GPL-3.0-or-later
"""Many readers: 200 at once, more killed ones than LMDB has slots, imports meanwhile."""
import os
import signal
import subprocess

from harness import *

STORE = imported(path("shop.aisle"), small_shop("one.csv", 200))
OTHER = small_shop("two.csv", 160)
HOLD = b"show products --limit 1 --format tsv\n"


def at_once(count):
    """All of them have the store open before the first may go on."""
    faults, readers = [], []
    for _ in range(count):
        readers.append(holder())
    faults += ["" if opened(p) else "reader %d: nothing shown" % i
               for i, p in enumerate(readers)]
    faults.append(worked(aisle("import", "mkechinov", OTHER, "--into", STORE, "-q")))
    for p in readers:
        out, said = p.communicate(HOLD + b"show categories --format tsv\n", 120)
        if p.returncode or said:
            faults.append("exit %d: %r" % (p.returncode, said))
    check("%d readers at once, an import under them" % count, faults, whole(STORE),
          leftovers(STORE))


def holder():
    return subprocess.Popen([AISLE, "shell", STORE, "--threads", "1"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def opened(p):
    p.stdin.write(HOLD)
    p.stdin.flush()
    return p.stdout.readline() and p.stdout.readline()


def killed(count):
    """Readers that die with the store open leave slots behind: more than there are."""
    faults, living = [], []
    for i in range(count):
        p = holder()
        if not opened(p):
            p.stdin.close()
            faults.append("reader %d: %r" % (i, p.stderr.read()))
        living.append(p)
        if len(living) == 50:
            bury(living)
    bury(living)
    faults += [worked(aisle("show", "products", STORE)), worked(aisle("info", STORE))]
    check("%d readers killed, then open" % count, faults, whole(STORE))
    p = aisle("import", "mkechinov", OTHER, "--into", STORE, "-q")
    check("and import", worked(p), leftovers(STORE), whole(STORE))


def bury(living):
    for p in living:
        p.send_signal(signal.SIGKILL)
    for p in living:
        p.communicate()
    living.clear()


def short_ones(count):
    """Commands that come and go beside imports: all answer from one whole generation."""
    faults, running = [], []
    answers = set()
    for events, file in ((200, path("one.csv")), (160, OTHER)):
        imported(STORE, file)
        answers.add(aisle("show", "products", STORE, "--format", "tsv").stdout)
    for i in range(count):
        running.append(start("show", "products", STORE, "--format", "tsv",
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        if i % 10 == 9:
            faults.append(worked(aisle("import", "mkechinov", (path("one.csv"), OTHER)[i // 10 % 2],
                                       "--into", STORE, "-q")))
            for p in running:
                out, said = p.communicate()
                if p.returncode or said or out not in answers:
                    faults.append("exit %d, %r" % (p.returncode, said))
            running.clear()
    check("%d short readers beside %d imports" % (count, count // 10), faults,
          leftovers(STORE), whole(STORE))


def killed_importers_and_readers():
    """Both die at random; the store does not."""
    faults = []
    for i in range(100 if LONG else 10):
        some = [start("show", "pairs", STORE, stdout=subprocess.DEVNULL) for _ in range(3)]
        writer = start("import", "mkechinov", (path("one.csv"), OTHER)[i % 2], "--into", STORE,
                       "-q")
        for p in some + [writer]:
            try:
                p.wait(rng.uniform(0, 0.02))
            except subprocess.TimeoutExpired:
                p.kill()
        for p in some + [writer]:
            p.wait()
        faults.append(whole(STORE))
    imported(STORE, OTHER)
    check("readers and writers killed together", faults, leftovers(STORE))


at_once(200 if LONG or not SANITIZED else 60)
killed(1100 if LONG or not SANITIZED else 130)
short_ones(200 if LONG else 100)
killed_importers_and_readers()
finish()
