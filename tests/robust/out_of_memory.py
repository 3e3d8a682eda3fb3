# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory runs out at the n-th request, once or from then on: exit 5 and a message."""
import collections
import os
import re
import shutil

from harness import *

if COUNTED:
    skip_all("what counts for coverage dies or hangs without memory itself")
LIBRARY = shim("faults")
COUNT = path("count")
OLD, NEW = small_shop("old.csv", 60), small_shop("new.csv", 80)
STORE = imported(path("shop.aisle"), OLD)
KEEP = path("keep.aisle")
shutil.copytree(STORE, KEEP)
BASE = {"LD_PRELOAD": LIBRARY, "FAULT_KIND": "memory", "FAULT_COUNT": COUNT}
COMMANDS = [
    ("import", "mkechinov", NEW, "--into", STORE, "-q", "--threads", "2"),
    ("import", "mkechinov", NEW, "--into", STORE, "-q", "--memory", "64K"),
    ("show", "products", STORE, "--format", "json"),
    ("show", "similar", STORE, "--product", "1000"),
    ("show", "transitions", STORE, "--sort", "lift"),
    ("train", "vsknn", STORE, "-q", "--threads", "2"),
    ("info", STORE),
    ("verify", STORE),
    ("help", "show"),
]


def restore():
    shutil.rmtree(STORE)
    shutil.copytree(KEEP, STORE)


def moments(calls):
    """All of them, or a spread of a few."""
    few = 60
    if LONG or calls <= few:
        return range(1, calls + 1)
    return sorted(rng.sample(range(1, calls + 1), few))


def one(args, at, on, expected, codes):
    env = {**BASE, "FAULT_AT": str(at)}
    if on:
        env["FAULT_FROM"] = "1"
    p = aisle(*args, env=env)
    codes[p.returncode] += 1
    faults = [died(p)]
    if p.returncode == 0:
        if args[0] != "import" and p.stdout != expected:
            faults.append("exit 0, but another output: %r" % p.stdout[-200:])
    elif p.returncode == 5:
        # Two threads may meet it at once and say the same.
        if b"memory" not in p.stderr or len(set(p.stderr.splitlines())) != 1:
            faults.append(shown(p))
    else:
        faults.append(shown(p))
    if args[0] == "import":
        faults += after_import(p)
        restore()
    return ["%s: request %d%s: %s" % (args[0], at, " and on" if on else "", f)
            for f in faults if f]


def after_import(p):
    """The old store after a failure, the new one after a success, both whole. What is
    tidied up and told after the new one is published may fail too."""
    said, events = whole(STORE), info(STORE)["counts"]["events"]
    if p.returncode == 0 and events != 80:
        said += "exit 0, but %d events" % events
    if events not in (60, 80):
        said += "exit %d and %d events: %s" % (p.returncode, events, shown(p))
    return [said]


for args in COMMANDS:
    p = aisle(*args, env=BASE)
    expected = p.stdout
    with open(COUNT) as f:
        calls = int(f.read())
    if args[0] == "verify":
        calls += 4000  # those of the child, who counts on
    if args[0] == "import":
        restore()
    codes, faults = collections.Counter(), [worked(p)]
    chosen = moments(calls)
    for on in (False, True):
        for at in chosen:
            faults += one(args, at, on, expected, codes)
    note("%s: %d of %d requests, exit codes %s" % (
        " ".join(args[:2]), len(chosen), calls, dict(codes)))
    check("%s without memory" % re.sub(WORK + "/", "", " ".join(args[:2])), faults)
finish()
