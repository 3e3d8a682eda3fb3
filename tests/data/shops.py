# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs as systems of shops, tills and public data sets write them, through --guess and import.

One made-up shop is written in every form. What a store must hold is counted here from the
shop, not from the file: purchases, sessions, users, products and revenue, without orders
that came to nothing where the form says so.
What a form can't tell is None there.
"""
import datetime
import os
import random
import re
import subprocess
import tempfile

AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
CATEGORIES = ["Garden > Tools", "Garden > Pots", "Kitchen > Mugs", "Kitchen > Knives", "Toys"]
BRANDS = ["Acme", "Bolt", "Cleo", "Dune"]
FORMS = []


class Product:
    def __init__(self, i, rng):
        self.id, self.sku = str(1000 + 7 * i), f"SK-{100 + i}"
        self.name = f"{['Red', 'Blue', 'Big', 'Tiny'][i % 4]} {['Mug', 'Spade', 'Pot'][i % 3]} {i}"
        self.category, self.brand = CATEGORIES[i % 5], BRANDS[i % 4]
        self.price = round(3 + rng.random() * 60, 2)


class Order:
    def __init__(self, number, time, rng, products):
        self.id, self.time, self.user = number, time, rng.randrange(30)
        self.lines = [(p, rng.choice([1, 1, 1, 2, 3, 5]))
                      for p in rng.sample(products, rng.choice([1, 2, 2, 3, 4]))]
        self.cancelled = rng.random() < 0.12
        self.country = rng.choice(["DE", "AT", "CH"])


def shop(seed):
    rng = random.Random(seed)
    products = [Product(i, rng) for i in range(36)]
    time, orders = datetime.datetime(2024, 1, 5, 9), []
    for i in range(90):
        time += datetime.timedelta(minutes=rng.randrange(20, 900))
        orders.append(Order(10234 + 3 * i, time, rng, products))
    return orders


def wanted(orders, **change):
    lines = [(o, p, n) for o in orders for p, n in o.lines]
    want = {"purchase": len(lines), "sessions": len(orders),
            "users": len({o.user for o in orders}), "products": len({p.id for _, p, _ in lines}),
            "revenue": round(sum(p.price * n for _, p, n in lines), 2)}
    want.update(change)
    return {k: v for k, v in want.items() if v is not None}


def lines(orders):
    return [(o, k, p, n) for o in orders for k, (p, n) in enumerate(o.lines)]


def visits(orders):
    """Every line seen, put into the cart and bought: (order, product, event, time)."""
    out = [(o, p, e, o.time + datetime.timedelta(seconds=40 * k + 10 * j))
           for o, k, p, _ in lines(orders) for j, e in enumerate(("view", "cart", "purchase"))]
    return sorted(out, key=lambda x: x[3])


def money(x, mark=",", group="", before="", after=""):
    whole, part = f"{x:,.2f}".split(".")
    return before + whole.replace(",", group) + mark + part + after


def table(head, rows, sep=",", encoding="utf-8"):
    def cell(x):
        x = str(x)
        return '"' + x.replace('"', '""') + '"' if sep in x or '"' in x else x
    return "".join(sep.join(map(cell, r)) + "\n" for r in [head, *rows]).encode(encoding)


def form(name, live=False, **change):
    """live: orders that came to nothing don't count."""
    def take(write):
        FORMS.append((name, write, live, change))
        return write
    return take


def iso(o):
    return o.time.strftime("%Y-%m-%d %H:%M:%S")


@form("woo_export.csv", live=True, users=None)
def _(orders):
    return table(
        ["Order Number", "Order Status", "Order Date", "First Name (Billing)",
         "Last Name (Billing)", "Email (Billing)", "Phone (Billing)", "Order Total Amount", "SKU",
         "Item #", "Item Name", "Quantity (- Refund)", "Item Cost", "Coupon Code"],
        [[o.id, "Cancelled" if o.cancelled else "Completed", iso(o)[:16], "Jo", f"Doe{o.user}",
          f"u{o.user}@x.example", f"+49 30 55501{o.user:02}",
          f"{sum(q.price * m for q, m in o.lines):.2f}", p.sku, k + 1, p.name, n, p.price, ""]
         for o, k, p, n in lines(orders)])


@form("marketplace.txt", users=None)
def _(orders):
    return table(
        ["order-id", "order-item-id", "purchase-date", "payments-date", "buyer-email",
         "buyer-name", "sku", "product-name", "quantity-purchased", "currency", "item-price",
         "item-tax", "shipping-price", "recipient-name", "ship-postal-code", "ship-country"],
        [[f"302-{o.id:07}-{o.id * 7:07}", o.id * 10 + k, o.time.isoformat() + "+00:00",
          o.time.isoformat() + "+00:00", f"a{o.user}@m.example", "Jo Doe", p.sku, p.name, n,
          "EUR", f"{p.price * n:.2f}", "0.00", "0.00", "Jo Doe", "10115", o.country]
         for o, k, p, n in lines(orders)], "\t")


@form("items.csv", users=None)
def _(orders):
    return table(
        ["item_id", "order_id", "store_id", "created_at", "product_id", "sku", "name",
         "qty_ordered", "qty_refunded", "base_price", "price", "row_total", "customer_email"],
        [[9000 + i, o.id, 1, iso(o), p.id, p.sku, p.name, f"{n:.4f}", "0.0000",
          f"{p.price:.4f}", f"{p.price:.4f}", f"{p.price * n:.4f}", f"u{o.user}@x.example"]
         for i, (o, k, p, n) in enumerate(lines(orders))])


@form("till.csv")
def _(orders):
    return table(
        ["Date", "Time", "Time Zone", "Category", "Item", "Qty", "SKU", "Gross Sales",
         "Discounts", "Net Sales", "Transaction ID", "Device Name", "Event Type", "Customer ID"],
        [[o.time.strftime("%m/%d/%y"), o.time.strftime("%H:%M:%S"), "Eastern Time",
          p.category.split(" > ")[-1], p.name, f"{n}.0", p.sku, f"${p.price * n:.2f}", "$0.00",
          f"${p.price * n:.2f}", f"tx{o.id * 7919:08x}", "Till 1", "Payment", f"C{o.user:04}"]
         for o, k, p, n in lines(orders)])


@form("flat_events.csv", sessions=None, revenue=None)
def _(orders):
    rows = [(o, p, {"view": "view_item", "cart": "add_to_cart"}.get(e, e), t)
            for o, p, e, t in visits(orders)]
    rows += [(o, None, "session_start", o.time) for o in orders]
    return table(
        ["event_date", "event_timestamp", "event_name", "user_pseudo_id", "ga_session_id",
         "items.item_id", "items.item_name", "items.item_category", "items.price"],
        [[t.strftime("%Y%m%d"), int(t.timestamp() * 1e6), e,
          f"{1000 + o.user}.{1600000000 + o.user}", 1700000000 + o.id,
          *((p.id, p.name, p.category, p.price) if p else ("", "", "", ""))]
         for o, p, e, t in sorted(rows, key=lambda r: r[3])])


@form("bestellpositionen.csv", live=True)
def _(orders):
    return table(
        ["Bestellnummer", "Bestellzeit", "Bestellstatus", "Kundennummer", "E-Mail",
         "Produktnummer", "Artikelbezeichnung", "Anzahl", "Einzelpreis", "Gesamtpreis",
         "Hersteller", "Warengruppe"],
        [[o.id, o.time.strftime("%d.%m.%Y %H:%M"),
          "Abgebrochen" if o.cancelled else "Abgeschlossen", 20000 + o.user,
          f"u{o.user}@x.example", p.sku, p.name, n, money(p.price, after=" €"),
          money(p.price * n, after=" €"), p.brand, p.category]
         for o, k, p, n in lines(orders)], ";")


@form("order_detail.csv")
def _(orders):
    return table(
        ["id_order", "reference", "date_add", "id_customer", "product_id", "product_reference",
         "product_name", "product_quantity", "unit_price_tax_incl", "total_price_tax_incl"],
        [[o.id, f"{o.id * 99991:09X}", iso(o), o.user + 1, p.id, p.sku, p.name, n,
          f"{p.price:.6f}", f"{p.price * n:.6f}"] for o, k, p, n in lines(orders)], ";")


@form("sale_lines.csv", users=None)
def _(orders):
    return table(
        ["Order Reference", "Order Date", "Customer", "Order Lines/Product/Internal Reference",
         "Order Lines/Product", "Order Lines/Quantity", "Order Lines/Unit Price",
         "Order Lines/Subtotal"],
        [[*((f"S{o.id:05}", iso(o), f"Customer {o.user}") if k == 0 else ("", "", "")), p.sku,
          p.name, f"{n}.0", p.price, f"{p.price * n:.2f}"] for o, k, p, n in lines(orders)])


@form("invoice_lines.csv", live=True)
def _(orders):
    return table(
        ["id", "Invoice ID", "Product", "Product Name", "Quantity", "Currency", "Amount",
         "Created (UTC)", "Customer ID", "Customer Email", "Status"],
        [[f"il_{o.id}{k}x", f"in_1{o.id}AbC", f"prod_{p.id}Q", p.name, n, "eur",
          money(p.price * n, "."), iso(o)[:16], f"cus_{o.user:06}", f"u{o.user}@x.example",
          "Refunded" if o.cancelled else "Paid"] for o, k, p, n in lines(orders)])


@form("sold_items.csv")
def _(orders):
    return table(
        ["Sale Date", "Item Name", "Buyer", "Quantity", "Price", "Discount Amount",
         "Item Total", "Transaction ID", "Listing ID", "Date Paid", "Ship Name", "Ship Zipcode",
         "Order ID", "SKU"],
        [[o.time.strftime("%m/%d/%y"), p.name, f"buyer{o.user}", n, p.price, "0",
          f"{p.price * n:.2f}", 3100000000 + 17 * i, 1400000000 + int(p.id),
          o.time.strftime("%m/%d/%Y"), "Jo Doe", "12345", 2900000000 + o.id, ""]
         for i, (o, k, p, n) in enumerate(lines(orders))])


@form("auctions.csv", users=None)
def _(orders):
    return b"\n" + table(
        ["Sales Record Number", "Order Number", "Buyer Username", "Buyer Email", "Item Number",
         "Item Title", "Custom Label", "Quantity", "Sold For", "Total Price", "Sale Date"],
        [[700 + i, f"05-{o.id:05}-{o.id * 3:05}", f"buyer_{o.user}", f"x{o.user}@m.example",
          110000000000 + int(p.id), p.name, p.sku, n, f"${p.price:.2f}",
          f"${p.price * n + 4.9:.2f}", o.time.strftime("%b-%d-%y")]
         for i, (o, k, p, n) in enumerate(lines(orders))])


@form("household_baskets.csv")
def _(orders):
    first = orders[0].time
    return table(
        ["household_key", "BASKET_ID", "DAY", "PRODUCT_ID", "QUANTITY", "SALES_VALUE", "STORE_ID",
         "RETAIL_DISC", "TRANS_TIME", "WEEK_NO"],
        [[o.user + 1, 26984851000 + o.id, 1 + (o.time - first).days, p.id, n,
          f"{p.price * n:.2f}", 364, "-0.60", o.time.strftime("%H%M"),
          1 + (o.time - first).days // 7] for o, k, p, n in lines(orders)])


@form("joined_orders.csv", live=True, revenue=None)
def _(orders):
    return table(
        ["order_id", "order_item_id", "product_id", "seller_id", "shipping_limit_date", "price",
         "freight_value", "order_purchase_timestamp", "customer_unique_id",
         "product_category_name", "order_status"],
        [[f"{o.id * 987654321987654321:032x}", k + 1, f"{int(p.id) * 12345678912345:032x}",
          f"{int(p.id) % 7 + 9 ** 30:032x}",
          (o.time + datetime.timedelta(days=5)).strftime("%Y-%m-%d %H:%M:%S"), p.price, "12.5",
          iso(o), f"{o.user * 99999999 + 5 ** 40:032x}", p.category,
          "canceled" if o.cancelled else "delivered"] for o, k, p, n in lines(orders)])


@form("clicks.dat", purchase=0, users=None, revenue=None)
def _(orders):
    return "".join(
        f"{o.id},{(o.time + datetime.timedelta(seconds=30 * k)).isoformat()}.277Z,2145{p.id},"
        f"{'0S07'[int(p.id) % 4]}\n" for o, k, p, n in lines(orders)).encode()


@form("buys.dat", users=None, revenue=None)
def _(orders):
    return "".join(f"{o.id},{o.time.isoformat()}.124Z,2145{p.id},{int(p.price * 100)},{n}\n"
                   for o, k, p, n in lines(orders)).encode()


@form("behaviour.csv", sessions=None, revenue=None)
def _(orders):
    code = {"view": "pv", "cart": "cart", "purchase": "buy"}
    return "".join(
        f"{o.user},{p.id},{100 + CATEGORIES.index(p.category)},{code[e]},{int(t.timestamp())}\n"
        for o, p, e, t in visits(orders)).encode()


@form("without_names.csv")
def _(orders):
    return "".join(f"{o.id};{o.time.strftime('%d.%m.%Y %H:%M')};{p.sku};{p.name};{n};"
                   f"{money(p.price)};K{o.user}\n" for o, k, p, n in lines(orders)).encode()


@form("short_names.csv", users=None, revenue=None)
def _(orders):
    name = {"view": "clicks", "cart": "carts", "purchase": "orders"}
    return table(["session", "aid", "ts", "type"],
                 [[o.id, p.id, int(t.timestamp() * 1000), name[e]]
                  for o, p, e, t in visits(orders)])


@form("coded.csv", users=None, revenue=None)
def _(orders):
    return table(["session", "aid", "ts", "type"],
                 [[o.id, p.id, int(t.timestamp()), ("view", "cart", "purchase").index(e)]
                  for o, p, e, t in visits(orders)])


@form("month_and_day.csv", sessions=None, revenue=None)
def _(orders):
    return table(["user_id", "item_id", "cat_id", "brand_id", "time_stamp", "action_type"],
                 [[o.user, p.id, CATEGORIES.index(p.category), p.brand, t.strftime("%m%d"),
                   ("view", "cart", "purchase").index(e)] for o, p, e, t in visits(orders)])


@form("tracked.csv", sessions=None, revenue=None)
def _(orders):
    name = {"view": "Product Viewed", "cart": "Product Added", "purchase": "Order Completed"}
    return table(
        ["anonymous_id", "event", "product_id", "name", "price", "quantity", "order_id",
         "timestamp", "context_ip"],
        [[f"an{o.user}", name[e], p.id, p.name, p.price, 1, o.id if e == "purchase" else "",
          t.isoformat() + "Z", f"10.0.0.{o.user}"] for o, p, e, t in visits(orders)])


@form("own_words.log", revenue=None)
def _(orders):
    name = {"view": "product_view", "cart": "cart_add", "purchase": "order_completed"}
    return table(["ts", "uid", "sid", "etype", "pid", "px", "qty"],
                 [[int(t.timestamp()), f"{o.user:032x}", f"{o.id:032x}", name[e], p.id, p.price,
                   1] for o, p, e, t in visits(orders)], "|")


@form("hotels.csv", purchase=None, revenue=None)
def _(orders):
    name = {"view": "clickout item", "cart": "interaction item image",
            "purchase": "search for destination"}
    return table(
        ["user_id", "session_id", "timestamp", "step", "action_type", "reference", "platform",
         "city", "device", "impressions", "prices"],
        [[f"{o.user:012X}", f"{o.id:013x}", int(t.timestamp()), i % 30 + 1, name[e],
          p.id if e != "purchase" else "Berlin, Germany", "DE", "Berlin, Germany", "mobile",
          "1|2|3", "10|20|30"] for i, (o, p, e, t) in enumerate(visits(orders))])


@form("lines_of_goods.csv", users=None)
def _(orders):
    return table(
        ["Line Item Date", "Order ID", "Order Date", "Item ID", "Item Name", "Item SKU",
         "Per Unit Quantity", "Item Revenue"],
        [[o.time.strftime("%d-%b-%Y %I:%M %p"), f"ORD{o.id}",
          o.time.strftime("%d-%b-%Y %I:%M %p"), p.id, p.name, p.sku, n, f"{p.price * n:.2f}"]
         for o, k, p, n in lines(orders)])


@form("checks.csv", users=None)
def _(orders):
    return table(
        ["Location", "Order Id", "Sent Date", "Item Id", "Menu Item", "Gross Price", "Qty"],
        [["Main", 300000000 + o.id, o.time.strftime("%m/%d/%y %I:%M %p"), p.id, p.name,
          f"{p.price * n:.2f}", f"{n}.0"] for o, k, p, n in lines(orders)])


@form("vbap.csv")
def _(orders):
    return table(
        ["VBELN", "POSNR", "ERDAT", "KUNNR", "MATNR", "ARKTX", "KWMENG", "NETPR", "NETWR"],
        [[f"{o.id:010}", f"{10 * k + 10:06}", o.time.strftime("%Y%m%d"), f"{o.user + 100:010}",
          f"{int(p.id):018}", p.name, f"{n}.000", p.price, f"{p.price * n:.2f}"]
         for o, k, p, n in lines(orders)], ";")


@form("hits.tsv", sessions=None, revenue=None)
def _(orders):
    return table(["hitid", "visid", "visit_num", "hit_time_gmt", "event_list", "sku"],
                 [[10 ** 12 + i, f"{o.user + 7:018}", o.id % 9, int(t.timestamp()), e, p.sku]
                  for i, (o, p, e, t) in enumerate(visits(orders))], "\t")


def till(name, head, date, sep=";", encoding="utf-8", **how):
    """Lines of a till: receipt, time, product, name, pieces, price, total, customer."""
    def write(orders):
        return table(head, [[o.id, o.time.strftime(date), p.sku, p.name, n,
                             money(p.price, **how), money(p.price * n, **how), o.user + 100]
                            for o, k, p, n in lines(orders)], sep, encoding)
    FORMS.append((name, write, False, {}))


till("ventas.csv", ["Nº Ticket", "Fecha", "Código artículo", "Descripción", "Uds.", "PVP",
                    "Importe", "Cliente"], "%d/%m/%Y %H:%M", encoding="cp1252")
till("scontrini.csv", ["Numero scontrino", "Data", "Codice articolo", "Descrizione", "Quantità",
                       "Prezzo", "Totale riga", "Tessera"], "%d-%m-%Y")
till("kassa.csv", ["Bonnummer", "Datum", "Artikelnr", "Omschrijving", "Aantal", "Stuksprijs",
                   "Bedrag", "Klantnr"], "%d-%m-%Y %H:%M", before="€ ")
till("paragony.csv", ["Nr paragonu", "Data sprzedaży", "Symbol towaru", "Nazwa", "Ilość",
                      "Cena brutto", "Wartość brutto", "Karta klienta"], "%Y-%m-%d %H:%M",
     encoding="utf-8-sig", group="\u00a0")
till("prodazhi.csv", ["Номер чека", "Дата", "Код товара", "Наименование товара", "Количество",
                      "Цена", "Сумма", "Клиент"], "%d.%m.%Y %H:%M:%S", encoding="cp1251")
till("ventes.csv", ["N° commande", "Date", "Réf. article", "Désignation", "Qté", "PU TTC",
                    "Montant TTC", "N° client"], "%d/%m/%Y", group="\u202f")
till("pedidos.csv", ["Pedido", "Data do pedido", "Código do produto", "Produto", "Qtde",
                     "Valor unitário", "Valor total", "Cód. cliente"], "%d/%m/%Y %H:%M",
     before="R$ ", group=".")
till("kvitton.csv", ["Kvittonr", "Orderdatum", "Artikelnr", "Benämning", "Antal", "Pris", "Summa",
                     "Kundnr"], "%Y-%m-%d", after=" kr")
till("satis.csv", ["Fiş No", "Tarih", "Ürün Kodu", "Ürün Adı", "Adet", "Birim Fiyat", "Tutar",
                   "Müşteri No"], "%d.%m.%Y %H:%M", after=" TL")
till("uctenky.csv", ["Číslo účtenky", "Datum", "Kód zboží", "Název zboží", "Množství", "Cena",
                     "Celkem", "Číslo zákazníka"], "%d.%m.%Y", after=" Kč")
till("jumun.csv", ["주문번호", "주문일자", "상품코드", "상품명", "수량", "단가", "금액", "고객번호"],
     "%Y-%m-%d %H:%M", encoding="euc-kr", sep=",", mark=".")
till("rendeles.csv", ["Rendelésszám", "Dátum", "Cikkszám", "Termék neve", "Mennyiség", "Egységár",
                      "Összesen", "Vevőkód"], "%Y.%m.%d. %H:%M", after=" Ft")
till("parted.txt", ["order", "date", "sku", "title", "qty", "price", "total", "member"],
     "%Y-%m-%dT%H:%M", sep="\x02", mark=".")
till("unicode_text.txt", ["Auftragsnummer", "Datum", "Artikelnummer", "Bezeichnung", "Menge",
                          "Preis", "Gesamt", "Kunde"], "%d.%m.%Y", sep="\t", encoding="utf-16")
till("placed.csv", ["Order #", "Placed", "Item SKU", "Title", "Units", "Unit Price",
                    "Line Total", "Member ID"], "%b %d, %Y %I:%M %p", sep=",", mark=".")


def run(*args):
    return subprocess.run([AISLE, *args], capture_output=True, text=True, check=False)


def stored(path, tmp):
    """What the store has that the proposal makes, or why there is none."""
    guess = run("import", "--guess", path)
    mapping, store = os.path.join(tmp, "a.aislemap"), path + ".aisle"
    with open(mapping, "w", encoding="utf-8") as f:
        f.write(guess.stdout)
    done = guess if guess.returncode else run("import", "-q", "csv", path, "--map", mapping,
                                              "--into", store)
    if done.returncode:
        return {}, done.stderr.strip()
    info = dict(line.split("\t", 1) for line in
                run("info", store, "--format", "tsv").stdout.splitlines())
    got = {k: int(info["counts." + k]) for k in ("purchase", "sessions", "users", "products")}
    sums = run("show", "products", store, "--columns", "revenue", "--limit", "100000",
               "--format", "tsv").stdout.split("\n")[1:]
    got["revenue"] = round(sum(float(x) for x in sums if x), 2)
    return got, guess.stdout


def wrong(name, write, want, orders, tmp):
    path = os.path.join(tmp, name)
    with open(path, "wb") as f:
        f.write(write(orders))
    got, said = stored(path, tmp)
    if not got:
        return [said]
    bad = [f"{k} {got[k]}, want {v}" for k, v in want.items()
           if abs(got[k] - v) > (0.02 * len(orders) if k == "revenue" else 0)]
    bad += [f"a person's address is kept: {line}" for line in said.splitlines()
            if "mail" in line.lower() and "=" in line and not line.startswith("#")]
    return bad


VIEWS = {
    "categories": [], "products": [], "product": ["-p", "P"], "similar": ["-p", "P"],
    "complementary": ["-p", "P"], "along": ["-p", "P"], "transitions": [], "pairs": [],
    "why": ["-p", "P", "--with", "Q"], "compare": ["-p", "P", "--with", "Q"],
    "basket": ["-p", "P"], "list": ["-p", "P"], "upsell": ["-p", "P"], "gaps": [],
    "overview": [], "sessions": [], "session": ["--session", "S"], "users": [],
    "user": ["--user", "U", "--show-users"], "diff": ["--with", "STORE"]}


def no_calendar(name, write, tmp):
    """A log of days without dates: no view makes one up."""
    path, bad = os.path.join(tmp, name), []
    with open(path, "wb") as f:
        f.write(write(shop(3)))
    if not stored(path, tmp)[0]:
        return ["not imported"]
    store = path + ".aisle"

    def first(view, column, n=1):
        shown = ["--show-users"] if view in ("users", "sessions") else []
        rows = run("show", view, store, "--format", "tsv", "--columns", column, "--limit", str(n),
                   *shown).stdout.splitlines()
        return rows[-1]
    names = {"P": first("products", "product"), "Q": first("products", "product", 2),
             "S": first("sessions", "session"), "U": first("users", "user"), "STORE": store}
    for view, asked in VIEWS.items():
        for form_ in ("text", "chart", "json"):
            done = run("show", view, store, "--format", form_, *[names.get(a, a) for a in asked])
            dates = re.findall(r"(?:1899|19[67]\d)-\d\d-\d\d", done.stdout + done.stderr)
            bad += [f"{view}, {form_}: {dates[0]}"] if dates else []
    for asked in (["products", "--where", "first>2024-01-01"],
                  ["similar", "-p", names["P"], "--where", "date=2024-01-01"]):
        done = run("show", *asked[:1], store, *asked[1:])
        bad += [] if "this store has no days" in done.stderr else [f"{asked}: {done.stderr}"]
    return bad


def main():
    undated = [f for f in FORMS if f[0] in ("household_baskets.csv", "month_and_day.csv")]
    print(f"1..{len(FORMS) + len(undated)}")
    for i, (name, write, live, change) in enumerate(FORMS, 1):
        orders = shop(i)
        kept = [o for o in orders if not (live and o.cancelled)]
        with tempfile.TemporaryDirectory() as tmp:
            bad = wrong(name, write, wanted(kept, **change), orders, tmp)
        for b in bad:
            print(f"# {b}")
        print(f"{'not ok' if bad else 'ok'} {i} - {name}", flush=True)
    for i, (name, write, _, _) in enumerate(undated, len(FORMS) + 1):
        with tempfile.TemporaryDirectory() as tmp:
            bad = no_calendar(name, write, tmp)
        for b in bad:
            print(f"# {b}")
        print(f"{'not ok' if bad else 'ok'} {i} - {name}: no view makes up a date", flush=True)


if __name__ == "__main__":
    main()
