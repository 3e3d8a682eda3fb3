# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that try to drive a terminal, a shop that has them, and what is wrong to print."""
import base64
import os
import unicodedata

from harness import DATA, HEADER, event, path

OWN = [b"plain", b"\x1b[31mred\x1b[0m", b"\x1b]0;pwned\x07", b"\x1b]52;c;Zm9v\x1b\\", b"\x9b31mC1",
       b"\xc2\x9b31mX", b"\x1bP$q\"p\x1b\\", b"a\rb", b"a\nb", b"a\tb", b"a\x0bb\x0cc", b"\x08\x08\x08EVIL",
       "abc\u202egpj.exe".encode(), "a\u2066b\u2069".encode(), "Ni\u200bke".encode(),
       "Ni\u00adke".encode(), "N\ufe0fike".encode(), "N\U000e0041ike".encode(),
       ("Z" + "\u0301" * 200).encode(), "\u4e2d\u6587\u5546\u54c1".encode(),
       "\U0001f468\u200d\U0001f469\u200d\U0001f467".encode(), "e\u0301te\u0301".encode(),
       "\u0627\u0644\u0639\u0631\u0628\u064a\u0629".encode(), "\u05e2\u05d1\u05e8\u05d9\u05ea".encode(),
       "\u2028a\u2029".encode(), b"\xc0\x9b", b"\xed\xa0\x80", b"a\xf0\x9f\x98", b"caf\xe9",
       b"\xf8\x88\x80\x80\x80", b"a\x7fb", b"", b" ", b"\"quoted\"", b"=cmd|' /C calc'!A0", b"x" * 3000,
       "\uac00\u1100\u1161\u11a8".encode(), "\u0e01\u0e33\u0e49".encode(), "\U0001f1e9\U0001f1ea".encode(),
       "\ufdfa\u3164\u2800\u00a0x".encode(), "\ue000\uf8ff\ufffe\U0001ffff".encode(), b"-1", b"NULL", b"\\t\\n"]


def records(data):
    """CSV whose rows end with LF alone: a CR is part of a name."""
    row, field, inside, i = [], b"", False, 0
    while i < len(data):
        c = data[i:i + 1]
        if c == b'"' and inside and data[i + 1:i + 2] == b'"':
            field += c
            i += 1
        elif c == b'"':
            inside = not inside
        elif c in b",\n" and not inside:
            row.append(field)
            field = b""
            if c == b"\n":
                yield row
                row = []
        else:
            field += c
        i += 1


def listed():
    """Names of the lists; bytes."""
    names = []
    for file in ("terminal_injection.csv", "invalid_utf8.csv"):
        with open(os.path.join(DATA, "torture", "own-torture", file), "rb") as f:
            names += [r[2] for r in list(records(f.read()))[1:]]
    with open(os.path.join(DATA, "torture", "blns", "blns.base64.txt"), "rb") as f:
        names += [base64.b64decode(line) for line in f.read().splitlines() if line[:1] != b"#"]
    return names


def quoted(field):
    return b'"' + field.replace(b'"', b'""') + b'"'


def foreign(text, lines):
    """Characters that a terminal acts on or that hide; in text whose lines are ours."""
    bad = set()
    for c in text:
        if c in "\n" and lines:
            continue
        kind = unicodedata.category(c)
        if kind in ("Cc", "Cf", "Zl", "Zp", "Cs") or 0xfe00 <= ord(c) <= 0xfe0f or \
           0xe0100 <= ord(c) <= 0xe01ef or ord(c) in (0x34f, 0x115f, 0x1160, 0x3164, 0xffa0):
            bad.add("U+%04X" % ord(c))
    return sorted(bad)


def width(text):
    """Cells, as terminals count them."""
    n = 0
    for c in text:
        if unicodedata.category(c) in ("Mn", "Me", "Cf") or 0x1160 <= ord(c) <= 0x11ff:
            continue
        n += 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return n


def make_shop(names):
    """Every name is a brand, a category's code and a product's name."""
    rows = [",".join(HEADER).encode()]
    listing = [b"product_id,name,product_code"]
    for i, name in enumerate(names):
        for kind, session in (("view", "s%d" % (i // 4)), ("purchase", "s%d" % (i // 4))):
            e = [str(x).encode() for x in event(i, kind, 1000 + i, 1 + i, session=session)]
            e[4:6] = quoted(name), quoted(name)
            rows.append(b",".join(e))
        listing.append(b"%d,%s,%s" % (1000 + i, quoted(name), b"c%d" % i))
    with open(path("events.csv"), "wb") as f:
        f.write(b"\r\n".join(rows) + b"\r\n")
    with open(path("products.csv"), "wb") as f:
        f.write(b"\n".join(listing) + b"\n")
