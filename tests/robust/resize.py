# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows that change their size faster than frames are drawn, on every sheet, with keys in
between. With sanitizers what they say is looked for."""
import glob
import os
import signal
import time

from harness import *
from terminal import Screen

LOG = generated("shop", 60, 600)
STORE = imported(path("shop.aisle"), LOG)
for model in (["covis"], ["item2vec"], ["map", "--model", "item2vec"],
              ["clusters", "--model", "item2vec"]):
    p = aisle("train", model[0], STORE, "-q", *model[1:])
    if p.returncode:
        note(p.stderr.decode())
aisle("evaluate", STORE, "covis", "-q")
with open(LOG) as f:
    ONE, TWO = sorted({row["product_id"] for row in csv.DictReader(f)})[:2]
SHEETS = ["", "show map", "show overview", "show transitions", "show products", "show categories",
          "show product --product " + ONE, "show similar --product " + ONE,
          "show why --product %s --with %s" % (ONE, TWO), "show compare --product " + ONE,
          "show pairs", "show users", "show sessions", "show clusters", "show cluster --cluster 1",
          "show leaderboard", "show models", "show gaps", "show list", "show basket --product " + ONE,
          "show verdicts", "info", "set"]
SIZES = [(40, 191), (15, 20), (20, 120), (1, 1), (24, 80), (8, 40), (9, 41), (60, 200), (15, 20),
         (40, 60), (12, 38), (30, 120), (2, 300), (100, 10), (24, 80)]
KEYS = [b"j", b"m", b"<", b">", b"k", b"\t", b"+", b"-", b"l", b"h", b"?", b"q", b"\x1b", b"z",
        b"\x1b[6~"]


def storm(sheet):
    log = path("sanitizer")
    s = Screen(STORE, rows=40, columns=191, options=("--no-resume", "--threads", "1"),
               env={"ASAN_OPTIONS": "detect_leaks=0:log_path=" + log,
                    "UBSAN_OPTIONS": "print_stacktrace=1:log_path=" + log})
    faults = [s.begin()]
    if sheet:
        s.type([":" + sheet + "\r"])
    for rest in (0, 0.004):
        for _ in range(20 if LONG else 2):
            for size in rng.sample(SIZES, len(SIZES)):
                s.resize(*size)
                if rng.random() < 0.5:
                    os.write(s.fd, rng.choice(KEYS))
                s.read(rest)
            if s.over():
                break
    s.resize(24, 80)
    s.settle(0.1)
    for key in (b"\x1b", b"\x1b", b"\x1b", b"Q"):
        if not s.over():
            os.write(s.fd, key)
            s.settle(0.15)
    if not s.over():
        os.kill(s.pid, signal.SIGHUP)
    code = s.end(10)
    if code != 0:
        faults.append("%r: ended with %s: %r" % (sheet, code, s.out[-200:]))
    for file in glob.glob(log + "*"):
        with open(file, errors="replace") as f:
            faults.append("%r: %s" % (sheet, f.read()[:1500]))
        os.unlink(file)
    return faults


some = SHEETS if LONG else SHEETS[:3] + rng.sample(SHEETS[3:], 7)
check("storms of sizes on %d sheets" % len(some), *[storm(s) for s in some])
finish()
