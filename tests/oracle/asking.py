# SPDX-License-Identifier: GPL-3.0-or-later
"""What oracles have in common: aisle is run, its answers are rows, checks are counted as TAP."""
import csv
import os
import subprocess
import sys

AISLE = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "src", "aisle"))
SHOP = os.path.abspath(os.path.join(os.environ.get("top_srcdir", "."), "data", "shop"))
os.environ.update(LC_ALL="C.UTF-8", NO_COLOR="1")
_failed = _number = 0


def check(name, faults):
    global _failed, _number
    _number += 1
    for fault in faults[:5]:
        print("#", fault)
    _failed += bool(faults)
    print("%sok %d - %s" % ("not " if faults else "", _number, name))


def finish():
    print("1..%d" % _number)
    sys.exit(_failed > 0)


def run(*words):
    r = subprocess.run([AISLE, *words], capture_output=True, text=True)
    if r.returncode:
        sys.exit("Bail out! aisle %s: %s" % (" ".join(words), r.stderr.strip()))
    return r.stdout


def table(*words):
    return list(csv.DictReader(run(*words, "--format", "csv").splitlines()))
