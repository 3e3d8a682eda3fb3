# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong command lines: the right exit code, one line on stderr, nothing on stdout."""
import os

from harness import *

SMALL = small_shop("small.csv", 60)
STORE = imported(path("shop.aisle"), SMALL)
INTO = path("never.aisle")

WRONG = {
    "no such command": [["frobnicate"], ["Import"], ["show-"], [""], ["-"], ["\n"]],
    "no such option": [["show", "products", STORE, "--nothing"], ["info", STORE, "-Z"],
                       ["--nothing"], ["verify", STORE, "--limit", "3"],
                       ["show", "products", STORE, "--limits=3"],
                       ["show", "products", STORE, "---"], ["show", "products", STORE, "--=3"]],
    "an option without its value": [["show", "products", STORE, "--limit"],
                                    ["show", "products", STORE, "-n"],
                                    ["import", "mkechinov", SMALL, "--into"],
                                    ["generate", "--output"]],
    "a value for a flag": [["import", "mkechinov", SMALL, "--into", INTO, "--strict=yes"],
                           ["info", STORE, "--quiet=1"]],
    "no number": [["show", "products", STORE, "--limit", v] for v in
                  ("", "x", "-1", "1.5", "1e3x", "0x10", "nan", "inf", "99999999999999999999",
                   " 1", "1 ", "+", "1,5", "\u0663", "--", "1\n")],
    "out of bounds": [["show", "products", STORE, "--threads", "1025"],
                      ["import", "mkechinov", SMALL, "--into", INTO, "--max-session", "1"],
                      ["import", "mkechinov", SMALL, "--into", INTO, "--max-rejects", "101%"],
                      ["import", "mkechinov", SMALL, "--into", INTO, "--max-rejects", "1.5"],
                      ["import", "mkechinov", SMALL, "--into", INTO, "--wait", "-1"],
                      ["import", "mkechinov", SMALL, "--into", INTO, "--wait", "nan"],
                      ["import", "mkechinov", SMALL, "--into", INTO, "--currency",
                       "EURODOLLARS"],
                      ["generate", "--output", path("g"), "--products", "1"],
                      ["generate", "--output", path("g"), "--days", "0"]],
    "no such choice": [["show", "products", STORE, "--format", "xml"],
                       ["show", "products", STORE, "--format", ""],
                       ["show", "pairs", STORE, "--relation", "co"],
                       ["show", "products", STORE, "--color", "perhaps"],
                       ["generate", "--output", path("g"), "--format", "nothing"],
                       ["import", "nothing", SMALL, "--into", INTO],
                       ["import", "mkechinov", SMALL, "--into", INTO, "--time-zone",
                        "Mars/Olympus"]],
    "no such view or column": [["show", "nothing", STORE], ["show", "", STORE],
                               ["show", "products", STORE, "--sort", "nothing"],
                               ["show", "products", STORE, "--sort", "label:up"],
                               ["show", "products", STORE, "--columns", "label,nothing"],
                               ["show", "products", STORE, "--columns", ","],
                               ["help", "nothing"]],
    "operands": [["show"], ["show", "products"], ["show", "products", STORE, "more"],
                 ["info"], ["info", STORE, STORE], ["verify"], ["import"],
                 ["import", "mkechinov"], ["import", "mkechinov", "--into", INTO],
                 ["import", "mkechinov", SMALL], ["generate", "more"]],
    "what a view needs": [["show", "similar", STORE, "--product", ""],
                          ["show", "product", STORE], ["show", "similar", STORE]],
}
# The answer is no: exit 1. The store can't be opened: exit 3.
NO = [["show", "product", STORE, "--product", "nothing"],
      ["show", "similar", STORE, "--product", "x" * 5000],
      ["show", "pairs", STORE, "--product", "\u202e\x1b[31m"],
      ["show", "products", STORE, "--category", "no.such.path"]]
SHUT = [["info", path("nothing")], ["show", "products", path("nothing")], ["verify", ""],
        ["verify", SMALL], ["explore", path("nothing")], [path("nothing")], ["/"],
        ["info", os.fsdecode(b"\xff\xfe\x1b[2J")], ["shell", path("nothing")]]
REFUSED = [["import", "mkechinov-orders", SMALL, "--into", INTO],
           ["import", "clickstream", SMALL, "--into", INTO],
           ["import", "mkechinov", SMALL, "--products", SMALL + "x", "--into", INTO]]


def clean(p):
    """The message quotes what was wrong without passing its control characters on."""
    return ["control characters: %r" % p.stderr] if any(
        c < 32 and c != 10 or c == 127 for c in p.stderr) or \
        "\u202e" in p.stderr.decode("utf-8", "replace") else []


def one(args, codes):
    p = aisle(*args, timeout=60)
    code = p.returncode if p.returncode in codes else codes[0]
    said = refused(p, code) + clean(p)
    if not said[0] and len(p.stderr) > 2000:
        said.append("%d bytes of message" % len(p.stderr))
    return ["%s: %s" % (" ".join(args)[:120], f) for f in said if f]


for name, cases in WRONG.items():
    check(name, *[one(args, (2,)) for args in cases])
check("the answer is no", *[one(args, (1,)) for args in NO])
check("no store there", *[one(args, (3,)) for args in SHUT])
check("data were refused", *[one(args, (1, 5)) for args in REFUSED],
      "a store was left" if os.path.exists(INTO) else "")
check("right ones still work", worked(aisle("--version")), worked(aisle("--help")),
      worked(aisle("help", "show")), worked(aisle("show", "--help")),
      worked(aisle("show", "products", STORE, "--limit=0")),
      worked(aisle("show", "products", STORE, "-n3", "-f", "tsv", "--offset", "1000000000")),
      worked(aisle("show", "--limit", "2", "products", "--", STORE)))
p = aisle("help", "show", env={"TERM": None, "HOME": None, "PATH": None, "LC_ALL": "xx_YY"})
check("an empty environment", worked(p))
finish()
