# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated power cuts while decisions are kept: strace tells in which order the file is
written and synced; what wasn't synced when the power goes is kept or lost sector by sector.
What was acknowledged must be there after, and what is there must be whole."""
import re
import shutil
import subprocess

from harness import *

STORE = path("shop.aisle")
FILE = os.path.join(STORE, "verdicts.mdb")
SECTOR = 512
CALLS = "openat,close,rename,renameat,renameat2,pwrite64,pwritev,write,writev,lseek,fdatasync,fsync,ftruncate,fallocate"


def log():
    p = aisle("export", "verdicts", STORE, "-o", "-")
    return p.stdout if p.returncode == 0 else shown(p)


def content():
    if not os.path.exists(FILE):
        return None
    with open(FILE, "rb") as f:
        return f.read()


def put(data):
    if data is None:
        if os.path.exists(FILE):
            os.unlink(FILE)
        return
    with open(FILE, "wb") as f:
        f.write(data)


def unescape(text):
    return bytes.fromhex(text.replace("\\x", ""))


def record(command):
    """What the command does to the file and to the one that it is renamed from, by name:
    ("write", name, offset, bytes), ("size", name, n), ("sync", name); ("rename",) of the
    second to the first, ("sync", "folder")."""
    p = subprocess.run(["strace", "-f", "-xx", "-s", "4000000", "-e", "trace=" + CALLS, AISLE,
                        *command], capture_output=True, text=True,
                       env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    if p.returncode:
        raise AssertionError(p.stderr[-500:])
    ours, synced, ops, at = {}, {}, [], {}
    names = {b"verdicts.mdb": "file", b"verdicts.mdb.tmp": "new", b"shop.aisle": "folder"}
    for line in p.stderr.splitlines():
        line = re.sub(r"^\[pid +\d+\] ", "", line)
        m = re.match(r"(\w+)\((.*)\) += (-?\d+)", line)
        if not m or m[3].startswith("-"):
            continue
        call, args, result = m[1], m[2], int(m[3])
        texts = [unescape(x) for x in re.findall(r'"((?:\\x..)*)"', args)]
        if call.startswith("rename"):
            if texts[-1].endswith(b"/verdicts.mdb"):
                ops.append(("rename",))
            continue
        if call == "openat":
            ours[result] = names.get(texts[0].rstrip(b"/").rsplit(b"/", 1)[-1])
            synced[result] = "O_DSYNC" in args or "O_SYNC" in args
            at[result] = 0
            continue
        fd = int(args.split(",")[0])
        name = ours.get(fd)
        if not name:
            continue
        data = b"".join(texts)
        if call == "close":
            ours.pop(fd)
        elif call == "lseek":
            at[fd] = result
        elif call in ("pwrite64", "pwritev"):
            ops.append(("write", name, int(args.rsplit(",", 1)[1]), data[:result]))
        elif call in ("write", "writev"):
            ops.append(("write", name, at[fd], data[:result]))
            at[fd] += result
        elif call == "ftruncate":
            ops.append(("size", name, int(args.split(",")[1])))
        elif call == "fallocate":
            ops.append(("size", name, sum(int(x) for x in args.split(",")[2:4])))
        elif call in ("fdatasync", "fsync"):
            ops.append(("sync", name))
        if call.startswith(("pwrite", "write")) and synced[fd]:
            ops.append(("sync", name))
    return ops


def change(disk, op, kept=lambda: True):
    """disk: contents by name."""
    if op[0] == "rename":
        if kept() and "new" in disk:
            disk["file"] = disk.pop("new")
        return
    data = disk.setdefault(op[1], bytearray())
    if op[0] == "size":
        if kept() and op[2] > len(data):
            data.extend(bytes(op[2] - len(data)))
        return
    _, _, offset, text = op
    for i in range(0, len(text), SECTOR):
        piece = text[i:i + SECTOR]
        if not kept():
            continue
        if len(data) < offset + i + len(piece):
            data.extend(bytes(offset + i + len(piece) - len(data)))
        data[offset + i:offset + i + len(piece)] = piece


def cut(before, ops, end):
    """The file after a cut behind op `end`, or None. What isn't synced is lost at random."""
    disk, pending = {} if before is None else {"file": bytearray(before)}, []
    for op in ops[:end]:
        if op[0] != "sync":
            pending.append(op)
            continue
        # a renamed file goes by its new name, what was written to it before included
        for p in pending:
            if (p[0] == "rename") == (op[1] == "folder"):
                if p[0] == "rename" or p[1] == op[1]:
                    change(disk, p)
        pending = [p for p in pending if (p[0] == "rename") != (op[1] == "folder") or
                   (p[0] != "rename" and p[1] != op[1])]
    chance = rng.choice((0, 0.3, 0.5, 0.9, 1))
    for op in pending:
        change(disk, op, lambda: rng.random() < chance)
    return bytes(disk["file"]) if "file" in disk else None


def cuts(n):
    runs = []
    for i in range(12):
        before, said = content(), log()
        ops = record(["verdict", ("approve", "reject", "skip")[i % 3], STORE, "--product", "1000",
                      "--with", "1001", "--reason", "r%d" % i * (1 + 40 * (i % 4)), "--as", "me",
                      "-q"])
        runs.append((before, said, ops, log(), content()))
    faults, whole_ones = [], 0
    for ops in (r[2] for r in runs):
        if not any(o[0] == "write" for o in ops) or ops[-1][0] != "sync":
            faults.append("what strace tells makes no sense: %r" % [o[0] for o in ops])
    for i in range(n if not faults else 0):
        before, said, ops, after_said, _ = rng.choice(runs)
        end = rng.choice((rng.randrange(len(ops) + 1), len(ops)))
        put(cut(before, ops, end))
        got = log()
        if end == len(ops) and got != after_said:
            faults.append("acknowledged and lost: %r" % got[-200:])
        elif got not in (said, after_said):
            faults.append("cut %d of %d: %r" % (end, len(ops), got[-200:]))
        elif i % 10 == 0:
            fault = whole(STORE)
            whole_ones += not fault
            if fault:
                faults.append(fault)
    put(runs[-1][4])
    note("%d calls recorded" % sum(len(r[2]) for r in runs))
    check("%d power cuts lose nothing that was acknowledged" % n, *faults[:5], whole(STORE))


if not shutil.which("strace"):
    skip("power cuts", "strace is not installed")
elif subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode:
    skip("power cuts", "strace may not trace here")
else:
    imported(STORE, small_shop("1.csv", 400))
    cuts(2000 if LONG else 60)
finish()
