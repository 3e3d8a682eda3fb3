# SPDX-License-Identifier: GPL-3.0-or-later
"""Under sanitizers what tests read is a part of it: the code that runs is the same, and its figures
are held at full size by the build without. AISLE_LONG=1 takes all of it there too."""
import csv
import os
import zlib

SMALLER = bool(os.environ.get("AISLE_SMALLER"))


def picked(key, of=16):
    """Is what has this key in the part? Whole sessions, people or products stay together."""
    return zlib.crc32(key.encode()) % of == 0


def sized(full, part):
    return part if SMALLER else full


def part(path, folder, key=str, of=16):
    """The file's first line, and the lines whose key is picked; all of it at full size."""
    out = os.path.join(folder, "part-" + os.path.basename(path))
    if not SMALLER:
        return path
    with open(path, newline="", encoding="utf-8") as f, \
            open(out, "w", newline="", encoding="utf-8") as g:
        g.writelines(line for n, line in enumerate(f) if n == 0 or picked(key(line), of))
    return out


def thinned(path, column, folder, of=16):
    """The rows of a CSV file whose value in the named column is picked, as a file of the same
    name in the folder."""
    out = os.path.join(folder, os.path.basename(path))
    with open(path, newline="", encoding="utf-8") as f, \
            open(out, "w", newline="", encoding="utf-8") as g:
        table = csv.DictReader(f)
        to = csv.DictWriter(g, table.fieldnames)
        to.writeheader()
        to.writerows(r for r in table if picked(r[column], of))
    return out
