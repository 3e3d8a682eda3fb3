# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions that were acknowledged are never lost: kills, many writers, full disks, damage."""
import ctypes
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import termios
import threading
import time

from harness import *

STORE = path("shop.aisle")
PAIR = ["--product", "1000", "--with", "1001"]
OTHERS = sorted({1000 + i * i % 37 for i in range(1, 37)})  # the products of small_shop
libc = ctypes.CDLL(None)


def log(store=STORE):
    """Every decision as a dictionary, in its order."""
    p = aisle("export", "verdicts", store, "-o", "-", "--format", "jsonl")
    if p.returncode:
        return [shown(p)]
    return [json.loads(line) for line in p.stdout.splitlines()]


def decide(reason, who="me", store=STORE, **how):
    return aisle("verdict", "approve", store, *PAIR, "--reason", reason, "--as", who,
                 "--wait", "60", **how)


def kills(n):
    """A shell that decides again and again is killed at a random moment: what it said that
    it did is there, in order, and at most one more."""
    faults, acknowledged, hits = [], 0, 0
    lines = "".join("verdict approve --product 1000 --with %d --reason r%d\n"
                    % (OTHERS[i % len(OTHERS)], i) for i in range(300)).encode()
    for i in range(n):
        before = len(log())
        # Unbuffered: what readline took beyond its line would be lost to communicate.
        p = subprocess.Popen([AISLE, "shell", STORE], stdin=subprocess.PIPE, bufsize=0,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        p.stdin.write(lines)
        p.stdin.flush()
        said = p.stdout.readline() if rng.random() < 0.8 else b""
        time.sleep(rng.uniform(0, 0.03))
        p.kill()
        said = (said + p.communicate()[0]).count(b"approved")
        after = log()
        hits += 0 < said < 300
        acknowledged += said
        if after and isinstance(after[0], str):
            faults.append(after[0])
        elif not said <= len(after) - before <= said + 1:
            faults.append("said %d, then %d" % (said, len(after) - before))
        elif [d["seq"] for d in after] != list(range(1, len(after) + 1)):
            faults.append("numbers have gaps")
    note("%d killed in the middle, %d acknowledged" % (hits, acknowledged))
    check("%d kills lose nothing" % n, faults, whole(STORE))


def writers(n, each):
    """Several people at once: all in the log, none lost or doubled."""
    before = len(log())
    faults = []

    def work(w):
        for i in range(each):
            p = decide("%d.%d" % (w, i), "w%d" % w)
            if p.returncode:
                faults.append(shown(p))

    threads = [threading.Thread(target=work, args=(w,)) for w in range(n)]
    for t in threads:
        t.start()
    while any(t.is_alive() for t in threads):
        got = log()
        if got and isinstance(got[-1], str):
            faults.append("a reader: " + got[-1])
        time.sleep(0.02)
    for t in threads:
        t.join()
    got = sorted((d["who"], d["reason"]) for d in log()[before:])
    want = sorted(("w%d" % w, "%d.%d" % (w, i)) for w in range(n) for i in range(each))
    check("%d writers of %d decisions each" % (n, each), faults,
          "" if got == want else "%d are in the log" % len(got))


def explorer(i, seconds, told, pressed):
    """A person at a terminal: decides whenever the screen has been drawn, and answers its
    questions as a terminal does."""
    pid, tty = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execv(AISLE, [AISLE, "explore", STORE, "--as", "e%d" % i, "--no-resume"])
    fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    end, sent, seen, keys = time.monotonic() + seconds, 0.0, b"", 0
    try:
        while time.monotonic() < end:
            if select.select([tty], [], [], 0.05)[0]:
                got = os.read(tty, 65536)
                seen += got
                for _ in range(got.count(b"\x1b[5n")):
                    os.write(tty, b"\x1b[0n")
            if time.monotonic() - sent > 0.2:
                # To complementary, past rows that others left open, then yes and no.
                os.write(tty, b"\x1b4" if keys == 0 else b"ax."[keys % 3:keys % 3 + 1])
                sent, keys = time.monotonic(), keys + 1
                pressed["e%d" % i] = keys - 1
        os.write(tty, b"\x1bQ")
        time.sleep(0.2)
    except OSError as e:
        told.append("explorer %d: %s" % (i, e))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(tty)


def crowd(n, seconds):
    """Writers and explorers at once: every decision that was acknowledged is in the log once,
    in one order without gaps."""
    before, faults, kept, told, pressed = len(log()), [], [], [], {}
    end = time.monotonic() + seconds

    def write(w):
        i = 0
        while time.monotonic() < end:
            p = decide("c%d.%d" % (w, i), "c%d" % w)
            (faults if p.returncode else kept).append(shown(p) if p.returncode else
                                                      ("c%d" % w, "c%d.%d" % (w, i)))
            i += 1

    threads = [threading.Thread(target=write, args=(w,)) for w in range(n)]
    threads += [threading.Thread(target=explorer, args=(i, seconds, told, pressed)) for i in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    after = log()
    new = after[before:]
    by = [(d["who"], d["reason"]) for d in new if d["who"].startswith("c")]
    people = {d["who"] for d in new if d["who"].startswith("e")}
    decided = [d for d in new if d["who"].startswith("e")]
    # Where nothing is open any more a key decides once more on the row that it is on.
    twice = [w for w in people if sum(d["who"] == w for d in decided) > pressed.get(w, 0)]
    note("%d writers kept %d decisions, %d of %d explorers %d" %
         (n, len(kept), len(people), n, len(decided)))
    check("%d writers and %d explorers for %d s" % (n, n, seconds), faults + told,
          "" if sorted(by) == sorted(kept) else "%d kept, %d in the log" % (len(kept), len(by)),
          "" if [d["seq"] for d in after] == list(range(1, len(after) + 1)) else "gaps",
          "%s: more decisions than keys" % twice if twice else "",
          "" if len(people) > n // 2 else "only %d explorers decided" % len(people),
          whole(STORE))


def stopped():
    """Who holds the log and is stopped is named, in time; readers are told too."""
    lock = os.path.join(STORE, "verdicts.lock")
    holder = subprocess.Popen(["python3", "-c", "import fcntl, os, sys, time\n"
                               "f = open(sys.argv[1], 'r+')\n"
                               "fcntl.flock(f, fcntl.LOCK_EX)\n"
                               "f.write('%d\\n%d\\naisle verdict\\n2026-01-01T00:00:00Z\\n' "
                               "% (os.getpid(), os.geteuid()))\nf.flush()\n"
                               "print('held', flush=True)\ntime.sleep(1000)\n", lock],
                              stdout=subprocess.PIPE)
    holder.stdout.readline()
    begin = time.monotonic()
    p = aisle("verdict", "approve", STORE, *PAIR)
    seconds = time.monotonic() - begin
    check("a writer that hangs is named", refused(p, 4, "pid %d" % holder.pid, "aisle verdict"),
          "" if seconds < (2 if LONG else 10) else "after %.1f s" % seconds)
    holder.kill()
    holder.wait()
    check("and when it is killed, nothing is held", worked(aisle("verdict", "skip", STORE, *PAIR)))


def full_disk():
    disk = path("disk")
    os.mkdir(disk)
    if libc.mount(b"none", os.fsencode(disk), b"tmpfs", ctypes.c_ulong(0), b"size=8192k"):
        skip("a full disk", "tmpfs can't be mounted here")
        return
    try:
        store = os.path.join(disk, "s.aisle")
        shutil.copytree(STORE, store)
        before, faults = log(store), []
        try:
            with open(os.path.join(disk, "fill"), "wb") as f:
                while True:
                    f.write(b"\0" * 4096)
                    f.flush()
        except OSError:
            pass
        for _ in range(40):
            p = decide("full", store=store)
            if p.returncode:
                break
        faults += refused(p, 5, "disk full") if p.returncode else ["it never was full"]
        after = log(store)
        if after[:len(before)] != before:
            faults.append("decisions were lost")
        faults.append(worked(aisle("show", "verdicts", store)))
        os.unlink(os.path.join(disk, "fill"))
        faults.append(worked(decide("room again", store=store)))
        check("a full disk is a message, and loses nothing", faults, whole(store))
    finally:
        libc.umount2(os.fsencode(disk), 0)


def read_only():
    if os.geteuid() == 0:
        skip("a folder that can't be written", "root may write everywhere")
        return
    os.chmod(STORE, 0o555)
    check("a folder that can't be written", refused(aisle("verdict", "skip", STORE, *PAIR), 5),
          worked(aisle("show", "verdicts", STORE)))
    os.chmod(STORE, 0o755)


def survive_import():
    """Decisions go by ids: products come, go and are numbered anew."""
    aisle("verdict", "reject", STORE, "--product", "1000", "--with", str(OTHERS[-1]))
    before = log()
    imported(STORE, write_events(path("other.csv"), [
        event(i, ["view", "cart", "purchase"][i % 3], 990 + i % 20) for i in range(300)]))
    p = aisle("show", "verdicts", STORE, "-f", "tsv", "--columns", "product,suggestion,state")
    rows = dict(((r.split(b"\t")[0], r.split(b"\t")[1]), r.split(b"\t")[2])
                for r in p.stdout.splitlines()[1:])
    check("an import leaves decisions, and says which products are gone",
          "" if log() == before else "the log changed",
          "" if rows.get((b"1000", b"1001")) == b"holds" else "%r" % rows,
          "" if rows.get((b"1000", b"%d" % OTHERS[-1])) == b"gone" else "%r" % rows, whole(STORE))


def damaged():
    file = os.path.join(STORE, "verdicts.mdb")
    with open(file, "rb") as f:
        good = f.read()
    faults = []
    for _ in range(400 if LONG else 60):
        bad = bytearray(good)
        for _ in range(rng.choice((1, 1, 4, 64))):
            bad[rng.randrange(len(bad))] = rng.randrange(256)
        if rng.random() < 0.2:
            bad = bad[:rng.randrange(len(bad))]
        with open(file, "wb") as f:
            f.write(bad)
        for what in (["show", "verdicts", STORE], ["verify", STORE],
                     ["verdict", "skip", STORE, *PAIR]):
            faults.append(died(aisle(*what)))
    with open(file, "wb") as f:
        f.write(good)
    check("damage is an error, never a crash", faults, whole(STORE))


imported(STORE, small_shop("1.csv", 400))
check("a store without decisions", worked(aisle("show", "verdicts", STORE)),
      "" if log() == [] else "%r" % log(), leftovers(STORE))
kills(300 if LONG else 40)
writers(20 if LONG else 6, 30 if LONG else 8)
crowd(20 if LONG else 4, 30 if LONG else 5)
stopped()
full_disk()
read_only()
survive_import()
damaged()
finish()
