# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd files, folders and descriptors: a message and the right exit code, nothing hangs."""
import os
import pwd
import resource
import shutil
import signal
import subprocess
import tempfile
import threading

from harness import *

SMALL = small_shop("small.csv", 200)
STORE = imported(path("shop.aisle"), SMALL)
UUID = info(STORE)["uuid"]
NOBODY = None
if os.geteuid() == 0:
    try:
        NOBODY = pwd.getpwnam("nobody")
    except KeyError:
        pass


def unchanged():
    return ["" if info(STORE)["uuid"] == UUID else "the store has changed", leftovers(STORE)]


def bring(file, *more):
    return aisle("import", "mkechinov", file, "--into", STORE, "-q", *more, timeout=60)


def inputs():
    """What can't be an input is refused and named, and never waited for."""
    folder, empty, fifo = path("folder"), path("empty.csv"), path("fifo")
    os.mkdir(folder)
    open(empty, "w").close()
    os.mkfifo(fifo)
    head = path("head.csv")
    write_events(head, [])
    binary = path("binary.csv")
    with open(binary, "wb") as f:
        f.write(rng.randbytes(100000))
    nul = path("nul.csv")
    with open(SMALL, "rb") as f:
        data = f.read()
    with open(nul, "wb") as f:
        f.write(data[:300] + b"\0" * 10 + data[300:])
    loop = path("loop")
    os.symlink(loop, loop)
    faults = []
    for file, codes in ((folder, (5, 1)), (empty, (1,)), ("/dev/null", (1, 5)), (head, (1, 0)),
                        (path("none.csv"), (5, 1)), (loop, (5, 1)), (binary, (1,)),
                        ("/proc/self/mem", (5, 1)), (SMALL + "/x", (5, 1)), ("", (5, 1, 2)),
                        ("/dev/zero", (1, 5))):
        p = bring(file)
        if p.returncode == 0 and 0 in codes:
            bring(SMALL)
            continue
        said = refused(p, p.returncode if p.returncode in codes else codes[0])
        if file and os.path.basename(file) not in p.stderr.decode("utf-8", "replace"):
            said.append("it does not name the file: " + shown(p))
        faults += ["%s: %s" % (file, f) for f in said if f]
    p = bring(nul, "--max-rejects", "0")
    faults += refused(p, 1, "nul.csv")
    check("inputs that are none", faults)
    return fifo


def blocked_in(p):
    """What the process waits for in the kernel, as Linux tells it; '' for nothing."""
    if p.poll() is not None:
        return "ended"
    try:
        with open("/proc/%d/stat" % p.pid) as f:
            return "S" if f.read().rpartition(")")[2].split()[0] == "S" else ""
    except OSError:
        return "ended"


def pipes(fifo):
    """A pipe may be read, or refused, but not with a wrong result; nor hang for ever."""
    faults = []
    with open(SMALL, "rb") as f:
        data = f.read()

    def feed():
        try:
            with open(fifo, "wb") as f:
                f.write(data)
        except OSError:
            pass
    t = threading.Thread(target=feed, daemon=True)
    t.start()
    p = bring(fifo)
    note("a FIFO: " + shown(p))
    if p.returncode == 0:
        faults.append("" if info(STORE)["counts"]["events"] == 200 else "lost events")
    else:
        faults += refused(p, p.returncode if p.returncode in (1, 5) else 5)
        # let the writer go
        os.close(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK))
    t.join(10)
    with open(SMALL, "rb") as f:
        p = aisle("import", "mkechinov", "/dev/stdin", "--into", STORE, "-q", stdin=f)
    note("a file as stdin: " + shown(p))
    if p.returncode == 0:
        faults.append("" if info(STORE)["counts"]["events"] == 200 else "lost events")
    # An interrupt must reach an import that waits for a pipe.
    for opened in (False, True):
        p = start("import", "mkechinov", fifo, "--into", STORE, "-q",
                  stderr=subprocess.DEVNULL)
        writer = os.open(fifo, os.O_WRONLY) if opened else -1
        while not opened and blocked_in(p) == "":
            pass
        try:
            p.wait(0.2)
        except subprocess.TimeoutExpired:
            p.send_signal(signal.SIGINT)
        try:
            if p.wait(10) != 130:
                faults.append("interrupted: exit %d" % p.returncode)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
            faults.append("an import that waits for a pipe can't be stopped")
        if opened:
            os.close(writer)
    check("pipes", faults, whole(STORE), leftovers(STORE))


def changes():
    """A file that shrinks or grows while it is read: whole records of it, or a refusal."""
    big = generated("big", 500, 6000)
    with open(big, "rb") as f:
        data = f.read()
    faults = []
    for i in range(40 if LONG else 8):
        with open(big, "wb") as f:
            f.write(data)
        p = start("import", "mkechinov", big, "--into", path("other.aisle"), "-q",
                  "--threads", "2", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if i % 3:
            os.truncate(big, rng.randrange(len(data)))
        else:
            with open(big, "ab") as f:
                f.write(data[len(data) // 2:])
        p.stdout, p.stderr = p.communicate()
        if died(p):
            faults.append(died(p))
        elif p.returncode == 0:
            faults.append(whole(path("other.aisle")))
        elif p.returncode not in (1, 5):
            faults.append(shown(p))
    check("a file that changes while it is read", faults)


def descriptors():
    """Closed standard descriptors, a reader that goes away."""
    faults = []
    shell = "exec \"$0\" \"$@\" "
    for closing in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">&- 2>&-"):
        for args in (("import", "mkechinov", SMALL, "--into", STORE), ("show", "products", STORE),
                     ("info", STORE), ("verify", STORE), ("shell", STORE),
                     ("help",), ("show", "nothing", STORE),
                     ("generate", "--output", path("g" + str(len(faults))), "--products", "50",
                      "--sessions", "10")):
            p = subprocess.run(["sh", "-c", shell + closing, AISLE, *args],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, timeout=60)
            faults.append(died(p))
            if "2>&-" in closing and p.stderr:
                faults.append("said %r" % p.stderr)
            if ">&-" in closing.split() and args[0] in ("show", "info", "verify", "help"):
                if p.returncode == 0:
                    faults.append("%s %s: exit 0 without a stdout" % (args[0], closing))
        faults += [whole(STORE), leftovers(STORE)]
    for form in ("text", "tsv", "csv", "json", "jsonl"):
        p = subprocess.Popen([AISLE, "show", "products", STORE, "--format", form],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        p.stdout.close()
        p.stderr = p.stderr.read()
        p.wait()
        if p.returncode or p.stderr:
            faults.append("a closed pipe, %s: %s" % (form, shown(p)))
    read, write = os.pipe()
    os.close(read)
    p = aisle("import", "mkechinov", SMALL, "--into", STORE, stdout=write, stderr=write)
    os.close(write)
    faults += [died(p), whole(STORE)]
    check("closed descriptors", faults)


def limits():
    """Few descriptors, no processes, a small stack."""
    faults = []

    def limited(what, n):
        return lambda: resource.setrlimit(what, (n, n))
    for n in (3, 4, 5, 6, 8, 10):
        for args in (("import", "mkechinov", SMALL, "--into", STORE, "-q"),
                     ("show", "products", STORE), ("verify", STORE)):
            p = aisle(*args, preexec_fn=limited(resource.RLIMIT_NOFILE, n))
            if b"shared libraries" in p.stderr:
                continue  # it never began
            faults.append(died(p))
            if p.returncode not in (0, 3, 5):
                faults.append(shown(p))
    p = aisle("show", "products", STORE, preexec_fn=limited(resource.RLIMIT_STACK, 256 << 10))
    faults.append(died(p))
    check("few descriptors, a small stack", faults, whole(STORE), leftovers(STORE))


def foreign_folders():
    """What is not ours is not touched."""
    faults = []
    mine = path("mine")
    os.mkdir(mine)
    with open(os.path.join(mine, "thesis.txt"), "w") as f:
        f.write("years of work")
    faults += refused(aisle("import", "mkechinov", SMALL, "--into", mine), 3, "thesis.txt")
    faults.append("" if os.listdir(mine) == ["thesis.txt"] else str(os.listdir(mine)))
    faults += refused(aisle("import", "mkechinov", SMALL, "--into", SMALL), 3, "file")
    faults += refused(aisle("info", mine), 3, "not a store")
    faults += refused(aisle("info", path("nowhere")), 3, "no store")
    faults += refused(aisle("info", SMALL), 3, "not a store")
    faults += refused(aisle("import", "mkechinov", SMALL, "--into", path("a", "b", "c")), 5)
    link = path("link.aisle")
    os.symlink(STORE, link)
    faults += [worked(aisle("info", link)),
               worked(aisle("import", "mkechinov", SMALL, "--into", link, "-q"))]
    deep = path("x" * 200)
    faults.append(worked(aisle("import", "mkechinov", SMALL, "--into", deep, "-q")))
    faults.append(died(aisle("info", "x" * 100000)))
    check("folders that are none of ours", faults)


def as_nobody():
    """Without the right to write, or to read."""
    if not NOBODY:
        skip("stores of other people", "only root can become someone else")
        return
    faults = []

    def other():
        os.setgroups([])
        os.setgid(NOBODY.pw_gid)
        os.setuid(NOBODY.pw_uid)
    os.chmod(WORK, 0o755)
    program = path("aisle")
    shutil.copy(AISLE, program)

    def run_as(*args):
        p = subprocess.run([program, *args], stdin=subprocess.DEVNULL, cwd="/",
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           preexec_fn=other, timeout=60)
        return p
    for store in (STORE, path("copied.aisle")):
        if store != STORE:		# never opened by its owner: no lock file beside it
            shutil.copytree(STORE, store)
            for name in os.listdir(store):
                if "lock" in name:
                    os.unlink(os.path.join(store, name))
        faults += [worked(run_as("info", store)), worked(run_as("show", "products", store)),
                   worked(run_as("verify", store))]
        faults += refused(run_as("import", "mkechinov", SMALL, "--into", store), 5, "denied")
    for name, mode in (("CURRENT", 0o600), (None, 0o700)):
        where = os.path.join(STORE, name or "")
        os.chmod(where, mode)
        for args in (("info", STORE), ("show", "products", STORE), ("verify", STORE)):
            faults += refused(run_as(*args), 3, "denied")
        os.chmod(where, 0o755)
    os.chmod(SMALL, 0o600)
    room = path("room")
    os.mkdir(room)
    os.chmod(room, 0o777)
    faults += refused(run_as("import", "mkechinov", SMALL, "--into", room + "/s"), 5,
                      "denied", "small.csv")
    faults.append("" if os.listdir(room) == [] else str(os.listdir(room)))
    os.chmod(SMALL, 0o644)
    faults.append(worked(run_as("import", "mkechinov", SMALL, "--into", room + "/s", "-q")))
    p = run_as("import", "mkechinov", SMALL, "--into", room + "/t", "-q", "--rejects",
               "/etc/rejects.csv")
    if p.returncode:	# it may find that nothing is rejected
        faults += refused(p, 5, "denied")
    check("stores of other people", faults, unchanged())


fifo = inputs()
pipes(fifo)
changes()
descriptors()
limits()
foreign_folders()
imported(STORE, SMALL)
UUID = info(STORE)["uuid"]
as_nobody()
finish()
