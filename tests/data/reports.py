# SPDX-License-Identifier: GPL-3.0-or-later
"""Small logs that people's tools stumble over, through --guess and import.

What is right is counted here from the file by a plain reading of it that shares no code
with the program: purchases, orders, users, pairs of products that were bought in one
order, revenue. A return takes back the latest purchase before it of the same customer
(without one: of the same order) and product. What a file is, a row of LOGS says.
"""
import csv
import io
import itertools
import os
import subprocess
import tempfile
import zlib

DATA = os.path.join(os.environ.get("AISLE_TEST_DATA", ""), "reports")
AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
UNKNOWN = {"", "NA", "NULL", "\\N", "nan", "NaN", "None", "null", "N/A", "(not set)"}
BASE = dict(order="order_id", time="order_date", user="customer_id", item="sku",
            pieces="quantity", price="price")
GERMAN = dict(order="Bestellnummer", time="Bestelldatum", user="Kundennummer",
              item="Artikelnummer", pieces="Menge", price="Einzelpreis")
BILL = dict(order="BillNo", time="Date", user="CustomerID", item="Itemname",
            pieces="Quantity", price="Price")
WOO = dict(order="order_id", time="order_date", user="customer_id", item="item_sku",
           pieces="item_quantity", price=None)
AMAZON = dict(order="amazon-order-id", time="purchase-date", user=None, item="sku",
              pieces="quantity", total="item-price", price=None, status="order-status")
TAFENG = dict(order=("CUSTOMER_ID", "TRANSACTION_DT"), time="TRANSACTION_DT",
              user="CUSTOMER_ID", item="PRODUCT_ID", pieces="AMOUNT", total="SALES_PRICE",
              price=None)
GA = dict(order=("user_pseudo_id", "ga_session_id"), time="event_timestamp",
          user="user_pseudo_id", item="item_id", pieces=None, price=None, kind="view")


def log(sep=",", columns=None, day_first=False, **more):
    """How a file is read: sep, skip, encoding, columns (and changes to them), or the file
    with the same lines that is read in its place (twin) ..."""
    how = dict(sep=sep, skip=0, encoding="utf-8-sig", says=(), lacks=(), day_first=day_first,
               read={}, twin=None)
    names = dict(columns or BASE)
    for k, v in more.items():
        if k in how:
            how[k] = v
        else:
            names[k] = v
    how["columns"] = names
    return how


TOTAL = dict(total="total", price=None)
LOGS = {
    "00_base.csv": log(),
    "11_nbsp.csv": log(";"),
    "11b_nnbsp.csv": log(";"),
    "12_minus.csv": log(),
    "12b_paren.csv": log(),
    "12c_uminus.csv": log(),
    "12d_trail.csv": log(),
    "12e_float.csv": log(),
    "14_dmy.csv": log(day_first=True, says=["time-format        = d/m/Y"]),
    "14b_dmy_ambiguous_desc.csv": log(day_first=True, says=["time-format        = d/m/Y"]),
    "14c_dmy_ambiguous_shuffled.csv": log(day_first=True, says=["time-format        = d/m/Y"]),
    "01_de_footer.csv": log(";", GERMAN, encoding="latin1"),
    "24_excelserial.csv": log(says=["excel"]),
    "29_log.jsonl": log(twin="00_base.csv"),
    "29b_array.json": log(twin="00_base.csv"),
    "29f.parquet": log(twin="00_base.csv"),
    "35b_nbsp_ids.csv": log(),
    "53_notime.csv": log(time=None, user=None, pieces=None, price=None,
                         says=["no column holds times"]),
    "79c_pad.csv.gz": log(),
    "02_preamble.csv": log(";", skip=1),
    "02b_preamble3.csv": log(skip=4),
    "18_trail_data.csv": log(says=["trailing           = rows"]),
    "18b_trail_header.csv": log(says=["trailing           = header"]),
    "20_backslash.csv": log(read=dict(escapechar="\\", doublequote=False)),
    "22_spacequote.csv": log(read=dict(skipinitialspace=True)),
    "33_single.csv": log(read=dict(quotechar="'")),
    "57c_caret.txt": log("^"),
    "57d_tilde.txt": log("~"),
    "57e_ctrlA.txt": log("\x01"),
    "58b_ga.csv": log(skip=6),
    "08_nul.csv": log(says=[]),
    "32_mixedenc.csv": log(says=["encoding           = utf-8"]),
    "32b_utf8_one_latin1_line.csv": log(says=["encoding           = utf-8", "WARNING: 1 "]),
    "83b_billno.csv": log(";", BILL),
    "min_G_ga.csv": log(columns=GA, says=["user_pseudo_id+ga_session_id", "unix-us"]),
    "44_amazon.txt": log("\t", AMAZON, says=["status", "CHECK: 12%"]),
    "50_na.csv": log(),
    "50b_null.csv": log(),
    "50c_mysqlN.csv": log(),
    "50d_na_returns.csv": log(price=None),
    "51_pandasindex.csv": log(says=["a counter"]),
    "54_linetotal.csv": log(**TOTAL),
    "55_datehour.csv": log(time="date", price=None, says=["date+hour"]),
    "56_yyyymmdd.csv": log(),
    "60_status.csv": log(status="status", says=["status.cancelled   = cancelled", "CHECK"]),
    "71d_tafeng.csv": log(columns=TAFENG),
    "83c_clock_with_point.csv": log(order="order", time="date", user=None, item="item",
                                    pieces="qty", price=None, lacks=["\nprice "]),
    "84_woo.csv": log(columns=WOO, lacks=["= billing_email"],
                      says=["personal data: billing_email (e-mail addresses)"]),
    "86e_empty_rows_commas.csv": log(),
    "min_A_int.csv": log(user=None, price=None),
    "min_A_float.csv": log(user=None, price=None),
    "min_T_total.csv": log(user=None, **TOTAL),
}


def number(text):
    text = text.strip().replace("\u2212", "-")
    text = "".join(c for c in text if c not in "\u00a0\u202f \u20ac")
    if text.startswith("(") or text.endswith("-"):
        text = "-" + text.strip("()-")
    return float(text.replace(",", ".")) if text else 1.0


def records(path, how):
    with open(path, "rb") as f:
        raw = f.read()
    if path.endswith(".gz"):
        raw = zlib.decompressobj(31).decompress(raw)
    with io.StringIO(raw.decode(how["encoding"], "replace"), newline="") as f:
        lines = [x for x in f.readlines()[how["skip"]:] if "\0" not in x]
    for row in csv.DictReader(lines, delimiter=how["sep"], **how["read"]):
        out = {}
        for what, column in how["columns"].items():
            if isinstance(column, tuple):
                out[what] = " ".join(row[c] for c in column)
            else:
                out[what] = (row.get(column) or "").strip() if column else ""
        if out["item"] and out["order"]:
            yield out


def when(text, day_first):
    if "/" not in text and "." not in text[:3]:
        return text
    day, clock = (text.split() + [""])[:2]
    a, b, year = day.replace(".", "/").split("/")
    day, month = (a, b) if day_first or "." in text[:3] else (b, a)
    return f"{year}-{month:0>2}-{day:0>2} {clock:0>5}"


def bought(path, how):
    """What is left when returns are taken back and cancelled orders left out."""
    left = []
    for row in sorted(records(path, how), key=lambda r: when(r["time"], how["day_first"])):
        if "cancel" in row.get("status", "").lower():
            continue
        user = "" if row["user"] in UNKNOWN else row["user"]
        pieces = number(row["pieces"] or "1")
        if pieces > 0:
            price = (number(row["total"]) if row.get("total") else
                     number(row["price"]) * pieces if row["price"] else 0)
            left.append((user, row["item"], row["order"], price))
            continue
        for i in range(len(left) - 1, -1, -1):
            who, item, order, _ = left[i]
            if item == row["item"] and (who == user if user else order == row["order"]):
                del left[i]
                break
    return left


def count(path, how):
    left = bought(path, how)
    orders = {}
    for user, item, order, _ in left:
        orders.setdefault(order, set()).add(item)
    pairs = [p for items in orders.values() for p in itertools.combinations(sorted(items), 2)]
    kind = how["columns"].get("kind", "purchase")
    return {"products": len({b[1] for b in left}), kind: len(left),
            "sessions": len(orders), "users": len({b[0] for b in left} - {""}),
            "pairs": len(set(pairs)), "instances": len(pairs),
            "revenue": round(sum(b[3] for b in left), 2)}


def lists(path, sep, user):
    """What baskets, one a line, hold."""
    with open(path, encoding="utf-8") as f:
        lines = [[x for x in line.strip().split(sep) if x not in UNKNOWN] for line in f]
    items = [set(line[user:]) for line in lines]
    return baskets([i for i in items if i], len(lines) if user else 0)


def one_hot(path):
    with open(path, encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    return baskets([{k for k, v in list(r.items())[1:] if v == "1"} for r in rows], 0)


def baskets(items, users):
    pairs = [p for i in items for p in itertools.combinations(sorted(i), 2)]
    return {"products": len(set().union(*items)), "purchase": sum(map(len, items)),
            "sessions": len(items), "users": users, "pairs": len(set(pairs)),
            "instances": len(pairs)}


def good_ratings(path, sep, least):
    with open(path, encoding="utf-8") as f:
        rows = [line.strip().split(sep) for line in f]
    kept = [r for r in rows if float(r[2]) >= least]
    return {"view": len(kept), "products": len({r[1] for r in kept}),
            "users": len({r[0] for r in kept})}


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
    return totals(store), guess.stdout


def totals(store):
    info = dict(line.split("\t", 1) for line in
                run("info", store, "--format", "tsv").stdout.splitlines())
    got = {k: int(info["counts." + k]) for k in
           ("products", "purchase", "view", "sessions", "users")}
    relation = "co-purchase" if got["purchase"] else "co-view"
    for k in ("pairs", "instances"):
        got[k] = int(info.get(f"relations.{relation}.{k}", 0))
    revenue = run("show", "products", store, "--columns", "revenue", "--limit", "100000",
                  "--format", "tsv").stdout.split("\n")[1:]
    got["revenue"] = round(sum(float(x) for x in revenue if x), 2)
    return got


def led_on(name, leads, want, tmp):
    """The guess refuses a file and says how it is read; what that gives is right."""
    path = os.path.join(DATA, name)
    said = run("import", "--guess", path)
    store = os.path.join(tmp, "led.aisle")
    line = f"aisle import baskets {path}{leads} --into STORE"
    if said.returncode != 1 or line not in said.stderr:
        return [f"not led on: {said.stderr.strip()}"]
    done = run("import", "-q", "baskets", path, *leads.split(), "--into", store)
    got = totals(store) if done.returncode == 0 else {"refused": done.stderr}
    subprocess.run(["rm", "-rf", store], check=True)
    return [f"{k} {got.get(k)}, want {want[k]}" for k in want if got.get(k) != want[k]]


def rated(name, sep, tmp):
    path = os.path.join(DATA, name)
    got, proposal = stored(path, tmp)
    want = good_ratings(path, sep, 4)
    bad = [f"{k} {got.get(k)}, want {want[k]}" for k in want if got.get(k) != want[k]]
    return bad + [f"not said: {s}" for s in ("= view", "rating.least       = 4", "CHECK")
                  if s not in proposal]


def coded(tmp):
    got, proposal = stored(os.path.join(DATA, "85_codes.csv"), tmp)
    return [] if "CHECK: codes" in proposal and got.get("view") else [str(got)]


def first_lines(tmp):
    """The base as Shopify writes it: order fields on the first line of an order only."""
    names = ["Name", "Email", "Financial Status", "Created at", "Lineitem quantity",
             "Lineitem name", "Lineitem price", "Lineitem sku", "Billing Name"]
    base = list(records(os.path.join(DATA, "00_base.csv"), log()))
    path = os.path.join(tmp, "orders_export.csv")
    kept, last = [], None
    with open(path, "w", encoding="utf-8-sig", newline="") as f:
        out = csv.writer(f)
        out.writerow(names)
        for r in base:
            void = int(r["order"]) % 8 == 3
            first = r["order"] != last
            last = r["order"]
            out.writerow(["#" + r["order"], "a@example.org" if first else "",
                          ("voided" if void else "paid") if first else "",
                          r["time"] + " -0500" if first else "", r["pieces"],
                          'a 8" ' + r["item"], r["price"], r["item"],
                          "Jo, Doe" if first else ""])
            kept += [] if void else [r]
    got, proposal = stored(path, tmp)
    want = {"purchase": len(kept), "sessions": len({r["order"] for r in kept}),
            "products": len({r["item"] for r in kept})}
    bad = [f"{k} {got.get(k)}, want {want[k]}" for k in want if got.get(k) != want[k]]
    return bad + [f"not said: {s}" for s in ("export of Shopify", "fill               = yes",
                                             "personal data: Email") if s not in proposal]


def shop_days(tmp):
    """Times that name one offset: the customer's day is the one of the clock, zone given or not."""
    path, bad = os.path.join(DATA, "72_day_zone.csv"), []
    with open(path, encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    days = {}
    for r in rows:
        days.setdefault((r["customer"], r["time"][:10]), set()).add(r["item"])
    want = {}
    for pair in (p for d in days.values() for p in itertools.combinations(sorted(d), 2)):
        want[pair] = want.get(pair, 0) + 1
    mapping, store = os.path.join(tmp, "72.aislemap"), os.path.join(tmp, "72.aisle")
    with open(mapping, "w", encoding="utf-8") as f:
        f.write(run("import", "--guess", path).stdout)
    for zone in ([], ["--time-zone", "America/New_York"]):
        run("import", "-q", "csv", path, "--map", mapping, "--into", store, *zone)
        edges = run("export", "edges", store, "--relation", "co-purchase", "-o", "-").stdout
        got = {tuple(sorted(e.split()[:2])): int(e.split()[2]) for e in edges.splitlines()}
        bad += [] if got == want else [f"{zone}: {got}, want {want}"]
    return bad


def named(name, *what):
    """The guess says what is wrong with a file, and leads on."""
    said = run("import", "--guess", os.path.join(DATA, name))
    return [f"not said: {w}" for w in what if w not in said.stderr + said.stdout]


def zeros(tmp):
    """Nothing is lost silently: zeros are kept and said, what can't be read is named."""
    got, proposal = stored(os.path.join(DATA, "76_qty.csv"), tmp)
    with open(os.path.join(tmp, "a.aislemap"), "w", encoding="utf-8") as f:
        f.write(proposal)
    said = run("import", "csv", os.path.join(DATA, "76_qty.csv"), "--map",
               os.path.join(tmp, "a.aislemap"), "--check").stderr
    bad = [f"not said: {w}" for w in ("1 event has a quantity of 0", "1 event has a price of 0")
           if w not in said]
    bad += [] if got.get("purchase") == 10 else [str(got)]
    return bad + [f"not proposed: {w}" for w in ("4 sampled records don't load", "line 5",
                                                 "max-rejects") if w not in proposal]


def others(tmp):
    """Files that hold no orders line by line: name, what is wrong."""
    def path(name):
        return os.path.join(DATA, name)
    yield "26_nan_baskets.csv", led_on(
        "26_nan_baskets.csv", "", lists(path("26_nan_baskets.csv"), ",", 0), tmp)
    yield "47_useritems.txt", led_on(
        "47_useritems.txt", " --layout user-items --separator space",
        lists(path("47_useritems.txt"), " ", 1), tmp)
    yield "46_onehot.csv", led_on(
        "46_onehot.csv", " --layout one-hot --skip-columns 1", one_hot(path("46_onehot.csv")),
        tmp)
    yield "49_ml.dat", rated("49_ml.dat", "::", tmp)
    yield "49b_u.data", rated("49b_u.data", "\t", tmp)
    yield "85_codes.csv", coded(tmp)
    said = run("import", "--guess", path("29c_orders.zip")).stderr
    yield "29c_orders.zip", [] if "unzip -p " in said and "| aisle import" in said else [said]
    yield "an export whose order fields stand on first lines", first_lines(tmp)
    yield "72_day_zone.csv", shop_days(tmp)
    yield "73_times.csv", named("73_times.csv", "no column looks like times", "of t read as iso",
                                "--map")
    yield "76_qty.csv", zeros(tmp)
    yield "a quantity in words is warned of", [] if words(tmp) else ["it isn't"]


def words(tmp):
    """A quantity that can't be used is said, with its first value, line and share."""
    path = os.path.join(tmp, "words.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("order_id,order_date,sku,quantity\n")
        for i in range(40):
            f.write(f"{i // 2},2024-01-{i // 2 % 28 + 1:02},p{i % 5},"
                    f"{'a pair' if i % 4 != 1 else 1}\n")
    warning = "WARNING: quantity is called like a quantity, but 75% of its values are no " \
        "numbers of pieces (the first: a pair, line 2)"
    text = run("import", "--guess", path).stdout
    said = run("import", "csv", path, "--check", "--map",
               "time=order_date,product=sku,session=order_id,kind=purchase").stderr
    return warning in text.replace("\n# ", " ") and warning in said


def wrong(name, how, tmp):
    """What is not right about a file, or nothing."""
    path = os.path.join(DATA, name)
    want = count(os.path.join(DATA, how["twin"] or name), how)
    got, proposal = stored(path, tmp)
    bad = [f"{k} {got.get(k)}, want {want[k]}" for k in want if got.get(k) != want[k]]
    bad += [f"not said: {s.strip()}" for s in how["says"] if s not in proposal]
    bad += [f"said: {s.strip()}" for s in how["lacks"] if s in proposal]
    return [got["refused"]] if "refused" in got else bad


def main():
    if not os.path.isdir(DATA):
        print("1..0 # SKIP no AISLE_TEST_DATA/reports")
        return
    n = 0
    with tempfile.TemporaryDirectory() as tmp:
        logs = ((name, wrong(name, how, tmp)) for name, how in LOGS.items())
        for n, (name, bad) in enumerate(itertools.chain(logs, others(tmp)), 1):
            for b in bad:
                print(f"# {b}")
            print(f"{'not ok' if bad else 'ok'} {n} - {name}")
    print(f"1..{n}")


if __name__ == "__main__":
    main()
