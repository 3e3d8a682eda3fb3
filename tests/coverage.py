#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""coverage.py SOURCES BUILD: what gcov counted in BUILD, as a table per room of src/ and the files
that are covered least. Branches are those of the source: the ends of assert, and what the compiler
adds for exceptions, are left out."""
import collections, glob, gzip, json, os, subprocess, sys, tempfile

top, build = (os.path.abspath(p) for p in sys.argv[1:3])
files = {}


def count(paths):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--preserve-paths"] +
                       paths, cwd=folder, stdout=subprocess.DEVNULL, check=True)
        for name in glob.glob(folder + "/*.gz"):
            for f in json.load(gzip.open(name))["files"]:
                path = os.path.relpath(os.path.join(build, f["file"]), top)
                if path.startswith("src/"):
                    add(path, f["lines"])


def add(path, lines):
    have = files.setdefault(path, {})
    text = None
    for line in lines:
        number = line["line_number"]
        hits, branches = have.get(number, (0, []))
        taken = [b["count"] for b in line["branches"] if not b["throw"]]
        if taken:
            text = text or open(os.path.join(top, path), errors="replace").read().split("\n")
            if "assert(" in text[number - 1]:
                taken = []
        if len(branches) == len(taken):
            taken = [a + b for a, b in zip(branches, taken)]
        have[number] = (hits + line["count"], taken or branches)


def share(hit, of):
    return "%5.1f%%" % (100 * hit / of) if of else "    -"


data = [p for p in glob.glob(build + "/src/**/*.gcda", recursive=True) if os.path.getsize(p)]
if not data:
    sys.exit("coverage.py: nothing was counted in %s: configure with --enable-coverage" % build)
for i in range(0, len(data), 50):
    count(data[i:i + 50])
rooms, rows = collections.defaultdict(lambda: [0, 0, 0, 0]), []
for path, lines in files.items():
    hit = sum(1 for h, _ in lines.values() if h)
    branches = [b for _, bs in lines.values() for b in bs]
    row = [hit, len(lines), sum(1 for b in branches if b), len(branches)]
    rows.append((path, row))
    for room in (path.split("/")[1] if path.count("/") > 1 else "main", "all"):
        rooms[room] = [a + b for a, b in zip(rooms[room], row)]
for room, (hit, of, taken, branches) in sorted(rooms.items(), key=lambda r: (r[0] == "all", r)):
    print("%-10s lines %s of %6d   branches %s of %6d" %
          (room, share(hit, of), of, share(taken, branches), branches))
print("\nLines that no test runs, most first:")
for path, (hit, of, taken, branches) in sorted(rows, key=lambda r: r[1][0] - r[1][1])[:30]:
    print("%6d of %5d   %s" % (of - hit, of, path))
