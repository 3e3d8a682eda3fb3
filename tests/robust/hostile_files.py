# SPDX-License-Identifier: GPL-3.0-or-later
"""A store that someone else made: links and FIFOs in place of its files, clocks ahead."""
import os
import resource
import shutil
import subprocess

from harness import *

SOURCE_STORE = imported(path("shop.aisle"), generated("shop", 60, 600))
MINE = b"mine\n" * 1000
STORE = path("copy.aisle")
CATALOG = open(os.path.join(SOURCE_STORE, "CURRENT")).read().strip()
READ = [("info",), ("verify",), ("show", "products"), ("show", "leaderboard"),
        ("show", "models")]


def fresh():
    shutil.rmtree(STORE, ignore_errors=True)
    shutil.copytree(SOURCE_STORE, STORE)


def tried(*args):
    """The process, or a fault when it doesn't end."""
    try:
        return aisle(args[0], *args[1:], timeout=20), ""
    except subprocess.TimeoutExpired:
        return None, "%s hangs" % (args,)


def run(args):
    return tried(*args, STORE)


def only_looked_at():
    """Nothing is made in a folder that is read, nor touched in one that can be written."""
    fresh()
    before = sorted(os.listdir(STORE))
    faults = [worked(run(args)[0]) for args in READ]
    after = sorted(os.listdir(STORE))
    return faults + ["" if before == after else "made %s" % (set(after) - set(before))]


def links():
    """What a link names is never written, emptied or made."""
    faults = []
    for name in (CATALOG + "-lock", "writer.lock", "CURRENT.tmp", "CURRENT", CATALOG):
        fresh()
        victim, made = path("victim"), path("made")
        with open(victim, "wb") as f:
            f.write(MINE)
        for target in (victim, made):
            at = os.path.join(STORE, name)
            if os.path.lexists(at):
                os.unlink(at)
            os.symlink(target, at)
            for args in (*READ, ("train", "covis", "-q")):
                p, fault = run(args)
                faults.append(fault or died(p))
                if name in ("CURRENT", CATALOG) and p and p.returncode == 0:
                    faults.append("%s through a linked %s: exit 0" % (args, name))
            if name == "writer.lock":
                faults += refused(aisle("train", "covis", STORE, "-q"), 3, "symbolic link")
            faults.append("" if open(victim, "rb").read() == MINE else
                          "%s: the victim was written" % name)
            faults.append("%s: a file was made" % name if os.path.exists(made) else "")
    return faults


def fifos():
    """What is no regular file is refused and never waited for."""
    faults = []
    for name in ("CURRENT", CATALOG, "evaluation-9-9.json", "model-x-1.mdb", "writer.lock"):
        fresh()
        at = os.path.join(STORE, name)
        if os.path.lexists(at):
            os.unlink(at)
        os.mkfifo(at)
        for args in (*READ, ("train", "covis", "-q")):
            p, fault = run(args)
            faults.append(fault or died(p))
            if p and name in ("CURRENT", CATALOG):
                faults += refused(p, 3, "regular file") if args[0] != "verify" else [
                    "" if p.returncode == 3 else shown(p)]
    return faults


def few_files():
    """Too many open files is no damage."""
    faults = []
    for most in range(4, 10):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        p = aisle("info", SOURCE_STORE, preexec_fn=limit)
        if p.returncode:
            faults += [died(p), "damage: " + shown(p) if b"damaged" in p.stderr else ""]
    return faults


def clock_ahead():
    """Results stand in the order in which they were kept, whatever the clock said."""
    fresh()
    faults = [worked(aisle("evaluate", STORE, "covis", "-q"))]
    (first,) = [n for n in os.listdir(STORE) if n.startswith("evaluation-")]
    ahead = "evaluation-9000000000000-1.json"
    os.rename(os.path.join(STORE, first), os.path.join(STORE, ahead))
    faults.append(worked(aisle("evaluate", STORE, "itemknn", "-q")))
    names = [n for n in os.listdir(STORE) if n.startswith("evaluation-") and n != ahead]
    faults.append("" if len(names) == 1 and int(names[0].split("-")[1]) == 9000000000001 else
                  "names: %s" % names)
    p = run(("show", "leaderboard", "--format", "tsv"))[0]
    at = [p.stdout.find(b"itemknn"), p.stdout.find(b"covis")]
    return faults + ["" if 0 <= at[0] and (at[1] < 0 or at[0] < at[1]) else
                     "the newest isn't first: %r" % p.stdout[:600]]


def kept_out():
    """Who may not write is told before work begins, and shown what was measured."""
    fresh()
    os.chmod(STORE, 0o555)
    program = shutil.copy(AISLE, path("aisle"))  # root's own folders are closed to others
    user = {"user": "nobody", "executable": program} if os.geteuid() == 0 else {}
    for folder in (WORK, SOURCE_STORE):
        os.chmod(folder, 0o755)
    p = aisle("evaluate", STORE, "covis", "-q", **user)
    faults = [died(p), "" if p.returncode == 0 and b"covis" in p.stdout else shown(p),
              "" if b"is not kept" in p.stderr else "no warning: %r" % p.stderr]
    faults += refused(aisle("train", "covis", STORE, "-q", **user), 5, "can't be written")
    faults.append(worked(aisle("show", "products", STORE, **user)))
    os.chmod(STORE, 0o755)
    return faults


def long_brand():
    """A value that is too long for the store rejects its record, not the import."""
    log, store = path("brand.csv"), path("brand.aisle")
    write_events(log, [event(i, brand="b" * 201 if i == 7 else "b" * 200)
                       for i in range(400)])
    p = aisle("import", "mkechinov", log, "--into", store, "--rejects", path("rejects"))
    faults = [worked(p), whole(store)]
    text = open(path("rejects")).read()
    if ":9:" not in text and "\t9\t" not in text and ",9," not in text:
        faults.append("the reject doesn't tell its line: %r" % text[:200])
    counts = json.dumps(info(store))
    return faults + ["" if '"long": 1' in counts else "not counted: " + counts[-600:]]


check("a store that is read gets no new file", only_looked_at())
check("links in place of files", links())
check("FIFOs in place of files", fifos())
check("few open files", few_files())
check("a clock that was ahead", clock_ahead())
check("a folder that can't be written", kept_out())
check("a long brand", long_brand())
finish()
