# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of robustness share: a folder, the program, small shops, TAP lines.

Random trials are the same in every run. AISLE_LONG=1 raises their counts to the
figures that are promised and draws them anew; AISLE_SEED=N repeats such a run (the
seed is printed).
"""
import atexit
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ.get("top_builddir", ".")
SOURCE = os.environ.get("top_srcdir", ".")
AISLE = os.path.abspath(os.path.join(TOP, "src", "aisle"))
LONG = os.environ.get("AISLE_LONG", "") not in ("", "0")
SEED = int(os.environ.get("AISLE_SEED") or
           (random.SystemRandom().randrange(1 << 32) if LONG else 1))
DATA = os.environ.get("AISLE_TEST_DATA", "")
WORK = tempfile.mkdtemp(prefix="aisle-robust-")
HEADER = ["event_time", "event_type", "product_id", "category_id", "category_code",
          "brand", "price", "user_id", "user_session"]
os.environ.update(LC_ALL="C.UTF-8", NO_COLOR="1", HOME=WORK)
os.environ.pop("XDG_STATE_HOME", None)
with open(AISLE, "rb") as program:
    PROGRAM = program.read()
SANITIZED = b"__asan_init" in PROGRAM
COUNTED = b"__gcov_" in PROGRAM  # for coverage
rng = random.Random(SEED)
done = {"n": 0, "failed": 0}


def clean_up():
    shutil.rmtree(WORK, ignore_errors=True)


def finish():
    """Every script ends with this: the plan, and an exit code."""
    print("1..%d" % done["n"])
    sys.exit(1 if done["failed"] else 0)


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)


def note(text):
    for line in str(text).splitlines():
        print("# " + line.encode("ascii", "backslashreplace").decode()[:300])


def check(name, *faults):
    """One test; it passes when no fault says anything. Lists are flattened."""
    done["n"] += 1
    said = [f for fault in faults
            for f in (fault if isinstance(fault, list) else [fault]) if f]
    print("%s %d - %s" % ("not ok" if said else "ok", done["n"], name), flush=True)
    for f in said[:12]:
        note(f)
    if len(said) > 12:
        note("and %d more" % (len(said) - 12))
    if said:
        note("seed %d" % SEED)
        done["failed"] += 1
    return not said


def skip(name, why):
    done["n"] += 1
    print("ok %d - %s # SKIP %s" % (done["n"], name, why), flush=True)


def path(*parts):
    return os.path.join(WORK, *parts)


def environment(changes):
    return {k: v for k, v in {**os.environ, **changes}.items() if v is not None}


def aisle(*args, env={}, timeout=120, stdin=subprocess.DEVNULL, **more):
    """Run the program to its end: returncode, stdout and stderr as bytes."""
    more.setdefault("stdout", subprocess.PIPE)
    more.setdefault("stderr", subprocess.PIPE)
    p = subprocess.run([AISLE, *args], stdin=stdin, env=environment(env),
                       timeout=timeout, **more)
    p.stdout = p.stdout or b""
    p.stderr = p.stderr or b""
    return p


def start(*args, env={}, **more):
    return subprocess.Popen([AISLE, *args], stdin=subprocess.DEVNULL,
                            env=environment(env), **more)


def shown(p):
    return "exit %d, said %r" % (p.returncode, p.stderr[:400].decode("utf-8", "replace"))


def died(p):
    """Why the end of a process was not one of its own choice, or ''."""
    for word in (b"Sanitizer", b"runtime error:"):
        if word in p.stderr:
            return "%s\n%s" % (" ".join(p.args[1:4]), p.stderr.decode("utf-8", "replace"))
    if p.returncode < 0 or p.returncode >= 126 and p.returncode != 130:
        return "%s: died, %s" % (" ".join(p.args[1:]), shown(p))
    return ""


def refused(p, code, *words):
    """Faults of a refusal: the exit code, one line with the words, nothing on stdout."""
    faults = [died(p)]
    if p.returncode != code:
        faults.append("%s: expected exit %d, got %s" % (" ".join(p.args[1:]), code, shown(p)))
    if p.stdout:
        faults.append("stdout is %r" % p.stdout[:200])
    if p.stderr.count(b"\n") != 1 or not p.stderr.startswith(b"aisle: "):
        faults.append("not one line on stderr: %r" % p.stderr[:400])
    text = p.stderr.decode("utf-8", "replace")
    return faults + ["%r is not in %r" % (w, text) for w in words if w not in text]


def worked(p):
    return died(p) or ("" if p.returncode == 0 else
                       "%s: %s" % (" ".join(p.args[1:]), shown(p)))


def whole(store):
    """'' when verify finds nothing, else what it says."""
    return worked(aisle("verify", store))


def info(store):
    return json.loads(aisle("info", store, "--format", "json").stdout)


def leftovers(store):
    """Files of a store that nobody needs while it is at rest."""
    names = set(os.listdir(store))
    try:
        with open(os.path.join(store, "CURRENT")) as f:
            current = f.read()
    except OSError as e:
        return str(e)
    if not current.endswith(".mdb\n") or current.strip() not in names:
        return "CURRENT holds %r, the folder %r" % (current, names)
    names -= {"CURRENT", "writer.lock", current.strip(), current.strip() + "-lock",
              "verdicts.mdb", "verdicts.lock", "pseudonyms.key"}
    return "left over: %s" % sorted(names) if names else ""


def write_events(file, rows):
    with open(file, "w", newline="", encoding="utf-8", errors="surrogateescape") as f:
        w = csv.writer(f)
        w.writerow(HEADER)
        w.writerows(rows)
    return file


def event(i, kind="view", product=None, category=1, code="a.b", brand="brand", session=None):
    """A row of the form mkechinov."""
    return ["2019-10-%02d %02d:%02d:%02d UTC" % (1 + i // 86400 % 28, i // 3600 % 24,
                                                 i // 60 % 60, i % 60),
            kind, product or 1000 + i % 37, category, code, brand, "%d.50" % (1 + i % 90),
            500 + i % 50, session or "s%d" % (i // 4)]


def small_shop(name, events=200):
    """A file of events; product numbers and sessions repeat."""
    rows = [event(i, ["view", "view", "cart", "purchase"][i % 4], 1000 + (i * i) % 37,
                  1 + (i * i) % 37 % 5, "a.b%d" % ((i * i) % 37 % 5)) for i in range(events)]
    return write_events(path(name), rows)


def generated(name, products, sessions, *more):
    p = aisle("generate", "--output", path(name), "--products", str(products),
              "--sessions", str(sessions), "--seed", "3", *more)
    if p.returncode:
        print("Bail out! generate: " + shown(p))
        sys.exit(1)
    return path(name, "events.csv")


def imported(store, file, *more):
    p = aisle("import", "mkechinov", file, "--into", store, "-q", *more)
    if p.returncode:
        print("Bail out! import: " + shown(p))
        sys.exit(1)
    return store


def need_terminals():
    """A bare chroot may have none."""
    try:
        for fd in os.openpty():
            os.close(fd)
    except OSError as e:
        skip_all("no pseudo terminal: %s" % e.strerror)


def shim(name):
    """Compile tests/robust/NAME.c to a library for LD_PRELOAD."""
    if SANITIZED:
        skip_all("a sanitizer wants to be loaded first")
    library = path(name + ".so")
    source = os.path.join(SOURCE, "tests", "robust", name + ".c")
    cc = os.environ.get("CC", "cc").split() or ["cc"]
    p = subprocess.run(cc + ["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
                             source, "-o", library, "-ldl"], stderr=subprocess.PIPE)
    if p.returncode:
        note(p.stderr.decode("utf-8", "replace"))
        check("the shim compiles", "no")
        finish()
    return library


note("seed %d%s" % (SEED, ", long" if LONG else ""))
atexit.register(clean_up)
