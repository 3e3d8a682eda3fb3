# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 during an import over a store: the old or the new contents open, whole."""
import os
import shutil
import signal
import subprocess
import time

from harness import *

STORE = path("shop.aisle")


def random_moments(files, events):
    """Kill after a random share of the time that an import takes."""
    wanted, kills, tries, now, seconds, faults = 300 if LONG else 30, 0, 0, 0, 10.0, []
    imported(STORE, files[0])
    while kills < wanted and tries < 4 * wanted and not any(faults):
        begin = time.monotonic()
        p = start("import", "mkechinov", files[1 - now], "--into", STORE, "-q")
        try:
            p.wait(rng.uniform(0, seconds) if tries else None)
            seconds = min(seconds, time.monotonic() - begin)
        except subprocess.TimeoutExpired:
            p.kill()
        kills += p.wait() == -signal.SIGKILL
        tries += 1
        found = info(STORE)["counts"]["events"]
        if found not in events or (p.returncode == 0 and found != events[1 - now]):
            faults.append("try %d: %s events, expected %s or %s" % (tries, found, *events))
            break
        faults.append(whole(STORE))
        now = events.index(found)
    note("%d kills in %d imports of %.2f s" % (kills, tries, seconds))
    check("killed at random: the old or the new contents, whole", faults,
          "" if kills >= wanted / 2 else "only %d kills" % kills)
    imported(STORE, files[0])
    check("the next import leaves nothing behind", leftovers(STORE), whole(STORE))


def every_call(library, files, events):
    """Die, or fail, at each call that changes the folder."""
    count = path("count")
    base = {"LD_PRELOAD": library, "FAULT_KIND": "files", "FAULT_COUNT": count}
    args = ("import", "mkechinov", files[1], "--into", STORE, "-q", "--threads", "1")
    imported(STORE, files[0])
    keep = path("keep.aisle")
    shutil.copytree(STORE, keep)
    aisle(*args, env=base)
    with open(count) as f:
        calls = int(f.read())
    for how in ("kill", "fail"):
        faults = [] if calls > 20 else ["only %d calls seen" % calls]
        new, tried = 0, 0
        # Writing is much of the same; what begins and publishes is done call by call.
        for n in range(1, calls + 1):
            if not LONG and 12 < n < calls - 18 and n % 12:
                continue
            shutil.rmtree(STORE)
            shutil.copytree(keep, STORE)
            p = aisle(*args, env={**base, "FAULT_AT": str(n), "FAULT_HOW": how})
            found = info(STORE)["counts"]["events"]
            faults += ["call %d: %s" % (n, f)
                       for f in check_state(p, how, found, files, events) if f]
            new += found == events[1]
            tried += 1
        note("%s: %d of %d calls, %d times the new contents" % (how, tried, calls, new))
        check("%s at calls that change files" % how, faults)


def check_state(p, how, found, files, events):
    faults = [whole(STORE), "" if found in events else "%s events" % found]
    if how == "kill":
        imported(STORE, files[0])
        return faults + [leftovers(STORE)]
    faults.append(died(p))
    if p.returncode not in (0, 3, 5):
        faults.append(shown(p))
    if p.returncode == 0 and found != events[1]:
        faults.append("it said that all went well")
    if p.returncode and found != events[0]:
        note("failed and published: " + shown(p))
    return faults


def first_import(files):
    """Killed where there was no store before: none, or a whole one."""
    faults = []
    for i in range(100 if LONG else 10):
        shutil.rmtree(STORE, ignore_errors=True)
        p = start("import", "mkechinov", files[0], "--into", STORE, "-q")
        try:
            p.wait(rng.uniform(0, 0.1))
        except subprocess.TimeoutExpired:
            p.kill()
        p.wait()
        if os.path.exists(os.path.join(STORE, "CURRENT")):
            faults.append(whole(STORE))
        elif os.path.isdir(STORE):
            faults += refused(aisle("info", STORE), 3, "not a store")
        imported(STORE, files[0])
        faults.append(leftovers(STORE))
    check("the first import killed: no store or a whole one", faults)


def checks(file):
    """--check writes nothing, however it ends."""
    folder, kills = path("tmp"), 0
    os.mkdir(folder)
    for i in range(100 if LONG else 15):
        p = start("import", "mkechinov", file, "--check", "-q", env={"TMPDIR": folder})
        try:
            p.wait(rng.uniform(0, 0.15))
        except subprocess.TimeoutExpired:
            p.kill()
        kills += p.wait() != 0
    note("%d kills" % kills)
    check("--check leaves nothing behind", [x + " was left" for x in os.listdir(folder)])


big = [generated("a", 500, 3000), generated("b", 400, 2500)]
totals = [info(imported(STORE, f))["counts"]["events"] for f in big]
random_moments(big, totals)
first_import(big)
checks(big[0])
if SANITIZED:
    skip("die or fail at every call", "a sanitizer wants to be loaded first")
else:
    small = [small_shop("1.csv", 200), small_shop("2.csv", 160)]
    shutil.rmtree(STORE)
    every_call(shim("faults"), small, [200, 160])
finish()
