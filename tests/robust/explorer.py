# SPDX-License-Identifier: GPL-3.0-or-later
"""The explorer on real pseudo terminals: hostile names, many at once, a damaged store."""
import os
import re
import signal
import time

from harness import *
from terminal import Screen
from torture import OWN, foreign, listed, make_shop

# What a terminal program of ours may send; anything else is the data speaking.
ALLOWED = re.compile(
    r"\x1b\[(?:[0-9;]*[mHGdXJKr@PLMABCDSTb]|\?(?:1|7|12|25|1000|1002|1006|1049|2004|2026)h"
    r"|\?1006;1000h|\?[0-9;]+l|>4;[0-9]m|4l|34[hl]|2[23];0;0t|5n)|\x1b[()][B0]|\x1b[=>78M]"
    r"|\x1b\[!p|\x1b\]11;\?\x1b\\")


# The one question of where the cursor is, before the screen is cleared (src/tui/term.c).
WHERE = "\x1b[2;1H\u2500\x1b[2b\x1b[6n".encode()


def hostile(title, names, terms):
    """Walk through products and panels whose names would like to be commands."""
    make_shop(names)
    store = imported(path(title + ".aisle"), path("events.csv"), "--products",
                     path("products.csv"), "--max-rejects", "100%")
    faults, size = [], 0
    keys = ["j", "\t", "\x1b[6~", "j", "j", "\x1b[6~", "\r", "j", "\t", "j", "\t", "j", "?", "q",
            "\x7f", "/", "a", "\r", "o", "\r", "G"] + ["\x1b[6~", "j"] * (30 if LONG else 4)
    keys = ["\x1b[6~"] * (len(names) // 40) + keys  # all of the tree goes by
    for term in terms:
        s = Screen(store, term)
        faults.append(s.begin())
        s.type(keys)
        s.type(["Q"])
        code = s.end()
        size += len(s.out)
        if code != 0:
            faults.append("%s: exit %s: %r" % (term, code, s.out[-300:]))
        try:
            drawn = s.out.replace(WHERE, b"", 1)
            rest = ALLOWED.sub("", drawn.decode("utf-8"))
        except UnicodeDecodeError as e:
            faults.append("%s: %s" % (term, e))
            continue
        for c in "\r\n\b\t" + ("" if term.startswith("xterm") else "\x0e\x0f"):
            rest = rest.replace(c, "")
        faults += ["%s: foreign %s, as in %r" % (term, c, near(rest, c)) for c in foreign(rest, True)]
        for name in names:
            text = name.decode("utf-8", "replace")
            if len(name) > 3 and foreign(text, True) and name in drawn and \
               not ALLOWED.fullmatch(text):
                faults.append("%s: %r as it is" % (term, name))
    note("%d names, %d bytes drawn" % (len(names), size))
    check("%s names in the explorer" % title, faults)


def near(text, code):
    at = text.find(chr(int(code[2:], 16)))
    return text[max(0, at - 20):at + 20]


def many(count):
    """All open at once, an import under them; half are killed, half lose the terminal."""
    small = small_shop("small.csv", 200)
    store = imported(path("shop.aisle"), small)
    faults = []
    screens = [Screen(store, rows=24, columns=80) for _ in range(count)]
    faults += [s.begin() for s in screens]
    other = small_shop("other.csv", 160)
    faults.append(worked(aisle("import", "mkechinov", other, "--into", store, "-q")))
    for i, s in enumerate(screens):
        s.settle(0.01)
        if s.over():
            faults.append("explorer %d ended: %r" % (i, s.out[-200:]))
        elif i % 2:
            os.kill(s.pid, signal.SIGKILL)
        else:
            s.close()
    for i, s in enumerate(screens):
        code = s.end()
        if code not in ((-signal.SIGKILL,) if i % 2 else (0,)):
            faults.append("explorer %d: exit %s" % (i, code))
    faults += [worked(aisle("show", "products", store)), whole(store)]
    last = Screen(store)
    faults.append(last.begin())
    last.type(["Q"])
    faults.append("" if last.end() == 0 else "the last: exit %s" % last.code)
    imported(store, other)
    check("%d explorers" % count, faults, leftovers(store))


def cut():
    """The file shrinks under the explorer: the terminal is left well, with a message."""
    store = imported(path("cut.aisle"), generated("cut", 3000, 9000))
    with open(os.path.join(store, "CURRENT")) as f:
        file = os.path.join(store, f.read().strip())
    s = Screen(store)
    faults = [s.begin()]
    os.truncate(file, 8192)
    s.type(["\t", "\x1b[6~", "G", "j", "\r", "\t", "j", "\r", "Q"])
    code = s.end()
    text = s.out[s.out.rfind(b"\x1b[?1049l"):]
    note("exit %s, %r" % (code, text))
    if b"\x1b[?1049l" not in s.out or (code != 0 and b"aisle verify" not in text):
        faults.append("exit %s, last %r" % (code, s.out[-300:]))
    check("a store that shrinks under the explorer", faults)


need_terminals()
TERMS = ("xterm-256color", "screen-256color", "linux", "vt100")
hostile("own", OWN, TERMS)
if os.path.isdir(os.path.join(DATA, "torture")):
    hostile("listed", listed(), TERMS if LONG else TERMS[:1])
else:
    skip("listed names in the explorer", "AISLE_TEST_DATA is not set")
many(200 if LONG else 8 if SANITIZED else 140)  # inotify gives a user 128
cut()
finish()
