# SPDX-License-Identifier: GPL-3.0-or-later
"""Small logs with numbers as shops write them, through --guess and import.

Purchases, orders and users are counted here from the file by a plain reading of it that
shares no code with the program; a return takes back the latest purchase before it of
the same customer (without one: of the same order) and product.
"""
import csv
import os
import subprocess
import tempfile

DATA = os.path.join(os.environ.get("AISLE_TEST_DATA", ""), "reports")
AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
# file, separator
LOGS = [("00_base.csv", ","), ("12_minus.csv", ","), ("12b_paren.csv", ","),
        ("12c_uminus.csv", ","), ("12d_trail.csv", ","), ("12e_float.csv", ","),
        ("min_A_int.csv", ","), ("min_A_float.csv", ","), ("11_nbsp.csv", ";"),
        ("11b_nnbsp.csv", ";")]


def number(text):
    text = text.strip().replace("\u2212", "-").replace("\u00a0", "").replace("\u202f", "")
    if text.startswith("(") or text.endswith("-"):
        text = "-" + text.strip("()-")
    return float(text.replace(",", "."))


def count(path, sep):
    bought = []
    with open(path, encoding="utf-8-sig", newline="") as f:
        for row in sorted(csv.DictReader(f, delimiter=sep), key=lambda r: r["order_date"]):
            who = row.get("customer_id") or row["order_id"]
            if number(row["quantity"]) > 0:
                bought.append((who, row["sku"], row["order_id"]))
                continue
            for i in range(len(bought) - 1, -1, -1):
                if bought[i][:2] == (who, row["sku"]):
                    del bought[i]
                    break
    return {"products": len({b[1] for b in bought}), "purchase": len(bought),
            "sessions": len({b[2] for b in bought})}


def run(*args):
    return subprocess.run([AISLE, *args], capture_output=True, text=True, check=False)


def stored(path, tmp):
    """What the store has that the proposal makes, and the proposal."""
    guess = run("import", "--guess", path)
    if guess.returncode:
        return {"refused": guess.stderr.strip()}, ""
    mapping = os.path.join(tmp, "a.aislemap")
    store = os.path.join(tmp, os.path.basename(path) + ".aisle")
    with open(mapping, "w", encoding="utf-8") as f:
        f.write(guess.stdout)
    done = run("import", "-q", "csv", path, "--map", mapping, "--into", store)
    if done.returncode:
        return {"refused": done.stderr.strip()}, guess.stdout
    info = dict(line.split(None, 1) for line in run("info", store).stdout.splitlines()
                if len(line.split(None, 1)) == 2)
    return {k: int(info[k]) for k in ("products", "purchase", "sessions")}, guess.stdout


def words(tmp):
    """A quantity that can't be used is said, with its first value and the share."""
    path = os.path.join(tmp, "words.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("order_id,order_date,sku,quantity\n")
        for i in range(40):
            f.write(f"{i // 2},2024-01-{i // 2 % 28 + 1:02},p{i % 5},"
                    f"{'a pair' if i % 4 == 0 else 1}\n")
    text = run("import", "--guess", path).stdout
    return "WARNING: quantity is called like a quantity, but 25%" in text and \
        "the first: a pair" in text


def main():
    if not os.path.isdir(DATA):
        print("1..0 # SKIP no AISLE_TEST_DATA/reports")
        return
    print(f"1..{len(LOGS) + 2}")
    with tempfile.TemporaryDirectory() as tmp:
        for i, (name, sep) in enumerate(LOGS):
            path = os.path.join(DATA, name)
            want = count(path, sep)
            got, proposal = stored(path, tmp)
            lost = "price" in open(path, encoding="utf-8-sig").readline() and \
                "\nprice " not in proposal
            if got != want or lost:
                print(f"# {got}, want {want}{', price not used' if lost else ''}")
            print(f"{'not ok' if got != want or lost else 'ok'} {i + 1} - {name}")
        got = "\nprice " in stored(os.path.join(DATA, "83c_clock_with_point.csv"), tmp)[1]
        print(f"{'not ok' if got else 'ok'} {len(LOGS) + 1} - a clock is no price")
        print(f"{'ok' if words(tmp) else 'not ok'} {len(LOGS) + 2} - "
              "a quantity in words is warned of")


if __name__ == "__main__":
    main()
