# SPDX-License-Identifier: GPL-3.0-or-later
"""A shop's time zone, against Python's zoneinfo: which baskets a customer's days make, what
date= finds, on which days products were first and last sold, and that an append sees the
same. Times stand in the log as the shop's clock, with an offset, and in seconds.
"""
import csv
import datetime
import os
import random
import subprocess
import tempfile
import zoneinfo

TOP = os.environ.get("top_builddir", ".")
AISLE = os.path.join(TOP, "src", "aisle")
ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata",
         "America/Sao_Paulo", "UTC-09:30"]
UTC = datetime.timezone.utc


def run(*args):
    done = subprocess.run([AISLE, *args], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(args)}: {done.stderr}")
    return done.stdout


def instant(clock, zone):
    """Of a time that comes twice the first; one that is skipped by the clock before."""
    return clock.replace(tzinfo=zone, fold=0).astimezone(UTC)


def draw(zone, rng):
    """(clock, instant): half of them around the days when clocks change."""
    start = datetime.datetime(2024, 1, 1)
    for _ in range(600):
        clock = start + datetime.timedelta(minutes=rng.randrange(366 * 24 * 60))
        if rng.random() < 0.5:
            day = rng.choice([(3, 10), (11, 3), (3, 31), (10, 27), (4, 7), (10, 6)])
            clock = datetime.datetime(2024, *day) + datetime.timedelta(
                minutes=rng.randrange(-90, 26 * 60))
        at = instant(clock, zone)
        yield clock, at, at.astimezone(zone).date()


def form(kind, clock, at, zone):
    if kind == "clock":
        return clock.strftime("%Y-%m-%d %H:%M:%S")
    if kind == "offset":
        return at.astimezone(zone).isoformat().replace("T", " ")
    return str(int(at.timestamp()))


def rows_of(text):
    return list(csv.DictReader(text.splitlines()))


def check(name, kind, tmp):
    zone = zoneinfo.ZoneInfo(name) if "/" in name else datetime.timezone(
        -datetime.timedelta(hours=9, minutes=30))
    rng = random.Random(f"{name} {kind}")
    events = [(f"c{rng.randrange(9)}", f"p{rng.randrange(30)}", *x) for x in draw(zone, rng)]
    lines = [f"{form(kind, e[2], e[3], zone)},{e[0]},{e[1]}\n" for e in events]
    paths = [os.path.join(tmp, n) for n in ("all.csv", "a.csv", "b.csv")]
    for path, part in zip(paths, (lines, lines[:200], lines[200:])):
        with open(path, "w", encoding="utf-8") as f:
            f.write("ts,customer,sku\n" + "".join(part))
    log = "time=ts,product=sku,user=customer,session=customer+@day,kind=purchase,"
    log += "time-format=" + ("unix" if kind == "seconds" else "iso")
    stores = [os.path.join(tmp, f"{s}.{kind}.aisle") for s in ("one", "two")]
    run("import", "-q", "csv", paths[0], "--map", log, "--time-zone", name, "--into",
        stores[0])
    run("import", "-q", "csv", paths[1], "--map", log, "--time-zone", name, "--into",
        stores[1])
    run("import", "-q", "--append", "csv", paths[2], "--into", stores[1])
    for store in stores:
        baskets = {(e[0], e[4]) for e in events}
        seen = rows_of(run("show", "sessions", store, "--format", "csv", "--limit", "2000"))
        if len(seen) != len(baskets):
            return f"{len(seen)} baskets, {len(baskets)} expected"
        for day in rng.sample(sorted({e[4] for e in events}), 12):
            sold = {}
            for e in events:
                if e[4] == day:
                    sold[e[1]] = sold.get(e[1], 0) + 1
            found = {r["product"]: int(r["purchases"]) for r in rows_of(run(
                "show", "products", store, "--where", f"date={day}", "--format", "csv",
                "--limit", "99")) if r["purchases"] != "0"}
            if found != sold:
                return f"date={day}: {found}, expected {sold}"
        first = {}
        for e in events:
            first[e[1]] = min(first.get(e[1], e[4]), e[4])
        day = sorted(first.values())[len(first) // 2]
        found = {r["product"] for r in rows_of(run(
            "show", "products", store, "--where", f"first<={day}", "--format", "csv",
            "--limit", "99"))}
        if found != {p for p, d in first.items() if d <= day}:
            return f"first<={day}: {sorted(found)}"
    return ""


def main():
    if not os.path.isdir("/usr/share/zoneinfo"):
        print("1..0 # SKIP there is no time zone database")
        return
    cases = [(z, k) for z in ZONES for k in ("clock", "offset", "seconds")]
    print(f"1..{len(cases)}")
    for i, (zone, kind) in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as tmp:
            why = check(zone, kind, tmp)
        print(f"{'not ok' if why else 'ok'} {i} - {zone}, times as {kind}", flush=True)
        if why:
            print("#", why)


main()
