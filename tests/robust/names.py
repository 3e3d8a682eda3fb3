# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that try to drive a terminal: harmless and in line in every view, true in data.

The names are the lists of $AISLE_TEST_DATA/torture where that is set, and some of our
own. The cells of a terminal are counted by a second opinion: Python's unicodedata.
"""
import csv
import errno
import fcntl
import io
import json
import os
import pty
import re
import struct
import termios

from harness import *
from torture import OWN, foreign, listed, make_shop, width


def on_terminal(args, columns):
    """What reaches a terminal of so many columns, as the program wrote it."""
    master, slave = pty.openpty()
    modes = termios.tcgetattr(slave)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    p = start(*args, stdout=slave, stderr=slave)
    os.close(slave)
    out = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError as e:
            if e.errno != errno.EIO:
                raise
            break
        if not part:
            break
        out += part
    os.close(master)
    return p.wait(), out


def views(products):
    yield ("products",)
    yield ("categories",)
    yield ("transitions",)
    for relation in ("co-view", "adjacent-view", "view-purchase", "co-purchase"):
        yield ("pairs", "--relation", relation)
    for p in rng.sample(products, min(len(products), 600 if LONG else 3 if SANITIZED else 7)):
        yield ("product", "--product", p)
        yield ("similar", "--product", p)
        yield ("complementary", "--product", p)


def too_wide(text, columns):
    """Rows that a terminal would break; notes are sentences and may go on."""
    return ["%d cells of %d: %r" % (width(line), columns, line) for line in text.split("\n")
            if width(line) > columns and "  " in line.strip()]


def harmless(args, columns):
    code, out = on_terminal(args, columns)
    name = " ".join(args[1:2] + args[3:]) + " on %d columns" % columns
    try:
        text = out.decode("utf-8")
    except UnicodeDecodeError as e:
        return ["%s: %s" % (name, e)]
    faults = ["exit %d: %r" % (code, out[-200:])] if code else []
    faults += ["foreign: %s" % c for c in foreign(text, True)]
    faults += too_wide(text, columns)
    return ["%s: %s" % (name, f) for f in faults]


def cells(line):
    """One item per cell of a terminal; marks go with what they stand on."""
    out = []
    for c in line:
        out += [c] * width(c)
    return out


def in_line(text):
    """As many gutters as the head has gaps: a row out of line would fill some."""
    lines = [cells(line) for line in text.split("\n") if "  " in line.strip()]
    gaps = lambda line: sum(1 for _ in re.finditer("(?<! ) {2,}(?! )", line))
    length = max(map(len, lines))
    used = "".join("x" if any(i < len(line) and line[i] != " " for line in lines) else " "
                   for i in range(length))
    found, wanted = gaps(used.rstrip()), gaps("".join(lines[0]).strip())
    return "" if found >= wanted else "%d gutters of %d: %s" % (found, wanted, used)


def columns_hold(store, products):
    """Rows stay in line, and one product is one row."""
    want = json.loads(aisle("show", "products", store, "--format", "json").stdout)["rows"]
    lines = aisle("show", "products", store).stdout.decode("utf-8").split("\n")[1:-1]
    faults = []
    if len(lines) != len(want) or len({width(line) for line in lines}) != 1:
        faults.append("%d rows for %d products, of %s cells" % (
            len(lines), len(want), {width(line) for line in lines}))
    for line, row in zip(lines, want):
        if not line.startswith(str(row["product"])):
            faults.append("a row that is not its product's: %r" % line[:100])
    for view in views(products):
        if view[0] != "product":
            text = aisle("show", view[0], store, *view[1:]).stdout.decode("utf-8")
            said = in_line(text)
            faults.append(said and " ".join(view) + ": " + said)
    return faults


def parses_back(store, args):
    """tsv, csv, json and jsonl tell the same values, row by row."""
    said = {}
    for form in ("tsv", "csv", "json", "jsonl"):
        p = aisle("show", args[0], store, *args[1:], "--format", form)
        if p.returncode:
            return [shown(p)]
        said[form] = p.stdout.decode("utf-8")
    rows = json.loads(said["json"])["rows"]
    lines = [json.loads(line) for line in said["jsonl"].split("\n") if line]
    faults = ["" if lines == rows else "jsonl and json differ"]
    table = list(csv.reader(io.StringIO(said["csv"], newline="")))
    undo = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}

    def value(cell):
        parts = cell.split("\\\\")
        return "\\".join("".join(undo[q[0]] + q[1:] if k else q
                                 for k, q in enumerate(part.split("\\"))) for part in parts)
    tabs = [[value(c) for c in line.split("\t")] for line in said["tsv"].split("\n")[:-1]]
    faults.append("" if tabs == table else "tsv and csv differ")
    keys = table[0]
    if len(table) != len(rows) + 1:
        faults.append("%d rows in csv, %d in json" % (len(table) - 1, len(rows)))
    for line, row in zip(table[1:], rows):
        for key, cell in zip(keys, line):
            v = row.get(key)
            if isinstance(v, str) and v != cell:
                faults.append("%s: %r in csv, %r in json" % (key, cell, v))
    return ["%s: %s" % (" ".join(args), f) for f in faults if f]


def run(title, names):
    make_shop(names)
    store = path(title + ".aisle")
    p = aisle("import", "mkechinov", path("events.csv"), "--products", path("products.csv"),
              "--into", store, "--max-rejects", "100%", "--rejects", path("rejects"))
    check(title + ": import", worked(p), whole(store),
          ["summary: " + c for c in foreign(p.stdout.decode("utf-8", "replace"), True)])
    note(p.stdout.decode("utf-8", "replace").split("store")[0])
    out = aisle("show", "products", store, "--format", "json").stdout
    products = [row["product"] for row in json.loads(out)["rows"]]
    faults, back, seen = [], [], 0
    for view in views(products):
        for columns in (80, 200):
            args = ("show", view[0], store, *view[1:])
            faults += harmless(args, columns)
            seen += 1
        for form in ("tsv", "json"):
            args = ("show", view[0], store, *view[1:], "--format", form)
            code, raw = on_terminal(args, 80)
            faults += ["%s %s: foreign %s" % (view[0], form, c)
                       for c in foreign(raw.decode("utf-8").replace("\t", " "), True)]
        p = aisle("show", view[0], store, *view[1:])
        faults += ["%s as text: %s" % (view[0], c)
                   for c in foreign(p.stdout.decode("utf-8"), True)] + [worked(p)]
        back += parses_back(store, view)
    note("%d names, %d products, %d screens" % (len(names), len(products), seen))
    check(title + ": nothing foreign reaches a terminal", faults)
    check(title + ": rows stay in line", columns_hold(store, products))
    check(title + ": tsv, csv and json say the same", back)
    faults = []
    for name in rng.sample(names, min(20, len(names))):
        word = name.replace(b"\0", b"")
        p = aisle("show", "products", store, "--category", word)
        if p.returncode:
            faults += ["message: " + c for c in foreign(p.stderr.decode("utf-8"), True)]
            faults += [died(p)]
    check(title + ": messages quote them harmlessly", faults)


need_terminals()
run("own", OWN)
if os.path.isdir(os.path.join(DATA, "torture")):
    run("listed", listed())
else:
    skip("lists of others", "AISLE_TEST_DATA is not set")
finish()
