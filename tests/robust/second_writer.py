# SPDX-License-Identifier: GPL-3.0-or-later
"""A second writer names the first and gives up in time, even when that one is stopped."""
import os
import signal
import subprocess
import time

from harness import *

STORE = path("shop.aisle")
FIFO = path("slow.csv")
small = small_shop("small.csv")
imported(STORE, small)


def held():
    """An import that has the lock and is stopped in its work."""
    p = start("import", "mkechinov", big, "--into", STORE, "-q")
    lock = os.path.join(STORE, "writer.lock")
    while p.poll() is None:
        with open(lock) as f:
            if f.read().startswith("%d\n" % p.pid):
                break
    p.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, p.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    return p


def waits(pid):
    """It has the lock's file open, and isn't who holds it."""
    lock = os.path.join(STORE, "writer.lock")
    try:
        return lock in (os.readlink(os.path.join("/proc/%d/fd" % pid, fd))
                        for fd in os.listdir("/proc/%d/fd" % pid))
    except OSError:
        return False


def second(wait):
    begin = time.monotonic()
    p = aisle("import", "mkechinov", small, "--into", STORE, "-q", "--wait", str(wait))
    return p, time.monotonic() - begin


big = generated("big", 2000, 40000 if not SANITIZED else 8000)
first = held()
name = "pid %d" % first.pid
SLOW = 2 if LONG else 10  # other tests may keep the machine busy
for wait, limit in ((0, SLOW), (0.5, SLOW + 0.5)):
    p, seconds = second(wait)
    check("a stopped writer is named, --wait %s" % wait,
          refused(p, 4, name, "aisle import"),
          "" if wait <= seconds < limit else "after %.1f s" % seconds)
check("readers don't mind", worked(aisle("show", "products", STORE)),
      worked(aisle("info", STORE)), whole(STORE))

# Stopped for good and killed: the lock is free at once.
first.kill()
first.wait()
p, seconds = second(0)
check("a killed writer holds nothing", worked(p), leftovers(STORE))

# The one who waits long enough gets its turn.
first = held()
waiting = start("import", "mkechinov", small, "--into", STORE, "-q", "--wait", "100")
first.send_signal(signal.SIGCONT)
faults = ["exit %d" % p.returncode for p in (first, waiting) if p.wait() != 0]
events = info(STORE)["counts"]["events"]
check("who waits is next", faults, leftovers(STORE), whole(STORE),
      "" if events == 200 else "%d events" % events)

# Nor must who waits for the lock be interrupted twice.
first = held()
waiting = start("import", "mkechinov", small, "--into", STORE, "-q", "--wait", "100",
                stderr=subprocess.PIPE)
while waiting.poll() is None and not waits(waiting.pid):
    time.sleep(0.01)
waiting.send_signal(signal.SIGINT)
_, said = waiting.communicate(timeout=60)
first.kill()
first.wait()
check("an interrupt ends the waiting", "" if waiting.returncode == 130 else
      "exit %d: %r" % (waiting.returncode, said))
imported(STORE, small)

# An interrupted import keeps the store, and so does one that is terminated.
before = info(STORE)["uuid"]
for sig in (signal.SIGINT, signal.SIGTERM):
    first = held()
    first.send_signal(sig)
    first.send_signal(signal.SIGCONT)
    code = first.wait()
    check("signal %d: exit 130 and the old store" % sig, leftovers(STORE),
          "" if code == 130 else "exit %d" % code,
          "" if info(STORE)["uuid"] == before else "another store")
finish()
