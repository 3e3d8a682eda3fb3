# SPDX-License-Identifier: GPL-3.0-or-later
"""Training that is killed, interrupted, or runs out of disk leaves the old model, whole."""
import os
import shutil
import signal
import time

from harness import *

STORE = path("shop.aisle")
NEW = ["--seed", "2"]


def trained(store=STORE):
    """{name: seed} of what can be opened."""
    models = info(store)["models"]
    return {name: m.get("parameters", {}).get("seed", m.get("fault"))
            for name, m in models.items()}


def train(*more, **how):
    return aisle("train", "covis", STORE, "-q", *more, **how)


def files(store=STORE):
    return sorted(f for f in os.listdir(store) if not f.endswith("-lock"))


def every_call(library):
    count, keep = path("count"), path("keep.aisle")
    base = {"LD_PRELOAD": library, "FAULT_KIND": "files", "FAULT_COUNT": count}
    shutil.copytree(STORE, keep)
    train(*NEW, "--threads", "1", env=base)
    with open(count) as f:
        calls = int(f.read())
    for how in ("kill", "fail"):
        faults = [] if calls > 10 else ["only %d calls seen" % calls]
        for n in range(1, calls + 1):
            if not LONG and 12 < n < calls - 12 and n % 5:
                continue
            shutil.rmtree(STORE)
            shutil.copytree(keep, STORE)
            p = train(*NEW, "--threads", "1",
                      env={**base, "FAULT_AT": str(n), "FAULT_HOW": how})
            found = trained().get("covis")
            said = [whole(STORE), "" if found in (1, 2) else "seed %s" % found,
                    "it said that all went well" if p.returncode == 0 and found != 2
                    else ""]
            if how == "fail":
                said.append(died(p))
            train()
            said.append("" if files() == ["CURRENT", "catalog-1.mdb", files()[2],
                                          "pseudonyms.key", "writer.lock"] else "left: %s" % files())
            faults += ["%s at call %d: %s" % (how, n, f) for f in said if f]
        check("%s at calls that change files" % how, faults)


def interrupted():
    """SIGINT: exit 130, nothing said on stdout, the old model stays."""
    faults, hits = [], 0
    for i in range(30 if LONG else 8):
        p = start("train", "covis", STORE, "-q", *NEW, "--as", "other", "--window", "1000",
                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(rng.uniform(0.005, 0.06))
        p.send_signal(signal.SIGINT)
        out, _ = p.communicate()
        hits += p.returncode == 130
        if p.returncode not in (130, 0, -signal.SIGINT):
            faults.append("exit %d" % p.returncode)
        if p.returncode == 130 and "other" in trained():
            faults.append("interrupted and published")
        faults.append(whole(STORE))
        aisle("train", "other", STORE, "--remove")
    note("%d of them interrupted in the middle" % hits)
    check("an interrupt keeps nothing half-written", faults)


def after_import(second):
    """Products that are still there keep their scores; the model is called stale."""
    before = aisle("show", "similar", STORE, "-p", "1001", "--model", "covis", "-f", "tsv",
                   "--columns", "product,score").stdout
    imported(STORE, second)
    after = aisle("show", "similar", STORE, "-p", "1001", "--model", "covis", "-f", "tsv",
                  "--columns", "product,score").stdout
    state = aisle("show", "models", STORE, "-f", "tsv", "--columns", "name,state").stdout
    check("after another import it goes on by the products' ids",
          "" if before == after and len(before) > 30 else "%r, then %r" % (before, after),
          "" if state == b"name\tstate\ncovis\tstale\n" else repr(state), whole(STORE))


def damaged():
    name = [f for f in files() if f.startswith("model-")][0]
    with open(os.path.join(STORE, name), "r+b") as f:
        f.seek(os.path.getsize(os.path.join(STORE, name)) // 2)
        byte = f.read(1)
        f.seek(-1, 1)
        f.write(bytes([byte[0] ^ 0xff]))
    p = aisle("verify", STORE)
    faults = [] if p.returncode in (0, 3) else [shown(p)]
    with open(os.path.join(STORE, name), "r+b") as f:
        f.truncate(8000)
    p = aisle("verify", STORE)
    check("verify finds a model that was cut", faults, refused(p, 3, name),
          worked(aisle("show", "models", STORE)), worked(aisle("info", STORE)),
          refused(aisle("show", "similar", STORE, "-p", "1001", "--model", "covis"), 3,
                  name))


first = small_shop("1.csv", 400)
imported(STORE, first)
train()
if SANITIZED:
    skip("die or fail at every call", "a sanitizer wants to be loaded first")
else:
    every_call(shim("faults"))
train()
interrupted()
after_import(small_shop("2.csv", 500))
damaged()
finish()
