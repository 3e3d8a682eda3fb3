# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors of texts (train text) against a transformer in plain Python: a small encoder of
our own making is written as encoders are published, a shop's names and descriptions are
embedded by both. Retraining takes over what was embedded before."""
import csv
import json
import math
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

TOP = os.environ.get("top_builddir", ".")
AISLE = os.path.join(TOP, "src", "aisle")
WIDTH, HEADS, LAYERS, INNER, PLACES = 12, 3, 2, 20, 16
WORDS = ("red blue green oak steel cotton table chair lamp shirt vest desk soft large "
         "small").split()
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ","] + WORDS + ["##s", "##ish"]


def run(*words, want=0):
    r = subprocess.run([AISLE, *words], capture_output=True)
    if r.returncode != want:
        raise AssertionError("%s: exit %d: %s" % (words, r.returncode, r.stderr.decode()))
    return r.stdout.decode() if want == 0 else r.stderr.decode()


def half(x):
    return struct.unpack("<e", struct.pack("<e", x))[0]


def brain(x):
    bits = struct.unpack("<I", struct.pack("<f", x))[0] & 0xffff0000
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def shapes():
    yield "embeddings.word_embeddings.weight", (len(PIECES), WIDTH)
    yield "embeddings.position_embeddings.weight", (PLACES, WIDTH)
    yield "embeddings.token_type_embeddings.weight", (2, WIDTH)
    norms = ["embeddings.LayerNorm"]
    for i in range(LAYERS):
        at = "encoder.layer.%d." % i
        for name in ("attention.self.query", "attention.self.key", "attention.self.value",
                     "attention.output.dense"):
            yield at + name + ".weight", (WIDTH, WIDTH)
            yield at + name + ".bias", (WIDTH,)
        yield at + "intermediate.dense.weight", (INNER, WIDTH)
        yield at + "intermediate.dense.bias", (INNER,)
        yield at + "output.dense.weight", (WIDTH, INNER)
        yield at + "output.dense.bias", (WIDTH,)
        norms += [at + "attention.output.LayerNorm", at + "output.LayerNorm"]
    for name in norms:
        yield name + ".weight", (WIDTH,)
        yield name + ".bias", (WIDTH,)


def make_encoder(folder, rng, kind):
    """Writes the folder; returns name -> numbers as the file has them."""
    tensors, header, data = {}, {}, b""
    for name, shape in shapes():
        n = math.prod(shape)
        values = [rng.gauss(1 if name.endswith("LayerNorm.weight") else 0, .4)
                  for _ in range(n)]
        if kind == "F16":
            raw, values = b"".join(struct.pack("<e", v) for v in values), [half(v) for v in values]
        elif kind == "BF16":
            values = [brain(v) for v in values]
            raw = b"".join(struct.pack("<f", v)[2:] for v in values)
        else:
            raw = struct.pack("<%df" % n, *values)
            values = list(struct.unpack("<%df" % n, raw))
        header[name] = {"dtype": kind, "shape": list(shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
        tensors[name] = values
    os.makedirs(folder, exist_ok=True)
    head = json.dumps(header).encode()
    with open(os.path.join(folder, "model.safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + data)
    with open(os.path.join(folder, "vocab.txt"), "w") as f:
        f.write("\n".join(PIECES) + "\n")
    with open(os.path.join(folder, "config.json"), "w") as f:
        json.dump({"model_type": "bert", "hidden_act": "gelu", "hidden_size": WIDTH,
                   "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
                   "intermediate_size": INNER, "vocab_size": len(PIECES),
                   "max_position_embeddings": PLACES, "layer_norm_eps": 1e-12}, f)
    with open(os.path.join(folder, "modules.json"), "w") as f:
        json.dump([{"type": "sentence_transformers.models." + t}
                   for t in ("Transformer", "Pooling", "Normalize")], f)
    return tensors


def pieces(text):
    ids = [PIECES.index("[CLS]")]
    for word in text.lower().replace(".", " . ").replace(",", " , ").split():
        for end in ("", "s", "ish"):
            stem = word[:len(word) - len(end)] if end else word
            if word.endswith(end) and stem in PIECES:
                ids.append(PIECES.index(stem))
                if end:
                    ids.append(PIECES.index("##" + end))
                break
        else:
            ids.append(PIECES.index("[UNK]"))
    return ids[:PLACES - 1] + [PIECES.index("[SEP]")]


def linear(t, name, x, n_in, n_out):
    w, b = t[name + ".weight"], t[name + ".bias"]
    return [[b[o] + sum(w[o * n_in + i] * row[i] for i in range(n_in))
             for o in range(n_out)] for row in x]


def norm(t, name, x):
    out = []
    for row in x:
        mean = sum(row) / WIDTH
        scale = 1 / math.sqrt(sum((v - mean) ** 2 for v in row) / WIDTH + 1e-12)
        out.append([(v - mean) * scale * t[name + ".weight"][i] + t[name + ".bias"][i]
                    for i, v in enumerate(row)])
    return out


def add(a, b):
    return [[p + q for p, q in zip(x, y)] for x, y in zip(a, b)]


def attention(q, k, v):
    n, size = len(q), WIDTH // HEADS
    out = [[0.0] * WIDTH for _ in range(n)]
    for h in range(HEADS):
        at = range(h * size, (h + 1) * size)
        for i in range(n):
            w = [math.exp(sum(q[i][d] * k[j][d] for d in at) / math.sqrt(size))
                 for j in range(n)]
            for d in at:
                out[i][d] = sum(w[j] * v[j][d] for j in range(n)) / sum(w)
    return out


def vector(t, text):
    word, place, kind = (t["embeddings.%s_embeddings.weight" % s]
                         for s in ("word", "position", "token_type"))
    x = [[word[p * WIDTH + d] + place[i * WIDTH + d] + kind[d] for d in range(WIDTH)]
         for i, p in enumerate(pieces(text))]
    x = norm(t, "embeddings.LayerNorm", x)
    for i in range(LAYERS):
        at = "encoder.layer.%d." % i
        q, k, v = (linear(t, at + "attention.self." + s, x, WIDTH, WIDTH)
                   for s in ("query", "key", "value"))
        a = linear(t, at + "attention.output.dense", attention(q, k, v), WIDTH, WIDTH)
        x = norm(t, at + "attention.output.LayerNorm", add(x, a))
        up = [[u / 2 * (1 + math.erf(u / math.sqrt(2))) for u in row]
              for row in linear(t, at + "intermediate.dense", x, WIDTH, INNER)]
        x = norm(t, at + "output.LayerNorm",
                 add(x, linear(t, at + "output.dense", up, INNER, WIDTH)))
    mean = [sum(row[d] for row in x) for d in range(WIDTH)]
    length = math.sqrt(sum(v * v for v in mean))
    return [v / length for v in mean]


def make_shop(path, rng, first, n):
    names = {}
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["time", "session", "product", "name", "price"])
        for i in range(first, first + n):
            words = [rng.choice(WORDS) + rng.choice(["", "", "s", "ish", "zz"])
                     for _ in range(rng.randint(1, 8))]
            name = " ".join(words).capitalize() + rng.choice(["", ", soft", "."])
            names["p%d" % i] = name
            out.writerow(["2024-01-%02d 10:00:00" % (1 + i % 28), "s%d" % (i // 3),
                          "p%d" % i, name, "9.%d" % (i % 10)])
    return names


def vectors(store):
    text = run("export", "vectors", store, "--model", "text", "--format", "word2vec", "-o", "-")
    return {line.split(" ")[0]: [float(x) for x in line.split(" ")[1:] if x]
            for line in text.splitlines()[1:]}


def compare(have, tensors, names):
    assert set(have) == set(names), (len(have), len(names))
    for p, name in names.items():
        want = vector(tensors, name)
        worst = max(abs(a - b) for a, b in zip(have[p], want))
        assert len(have[p]) == WIDTH and worst < 2e-5, (p, name, worst)


MAP = "time=time,session=session,product=product,name=name,price=price,kind=purchase"


def test_against_python(folder):
    rng = random.Random(5)
    log, store = os.path.join(folder, "log.csv"), os.path.join(folder, "s.aisle")
    names = make_shop(log, rng, 0, 60)
    run("import", "csv", log, "--map", MAP, "--into", store, "-q")
    for kind in ("F32", "F16", "BF16"):
        encoder = os.path.join(folder, kind)
        tensors = make_encoder(encoder, rng, kind)
        run("train", "text", store, "--from", encoder, "-q")
        compare(vectors(store), tensors, names)


def test_taken_over(folder):
    rng = random.Random(6)
    log, more = os.path.join(folder, "a.csv"), os.path.join(folder, "b.csv")
    store, encoder = os.path.join(folder, "t.aisle"), os.path.join(folder, "enc")
    names = make_shop(log, rng, 0, 40)
    tensors = make_encoder(encoder, rng, "F32")
    run("import", "csv", log, "--map", MAP, "--into", store, "-q")
    said = run("train", "text", store, "--from", encoder)
    distinct = len(set(names.values()))
    assert "texts     %d distinct, 0 of them taken over" % distinct in said, said
    names.update(make_shop(more, rng, 40, 10))
    run("import", "csv", more, "--map", MAP, "--into", store, "--append", "-q")
    said = run("train", "text", store, "--from", encoder)
    assert "texts     %d distinct, %d of them taken over" % (
        len(set(names.values())), distinct) in said, said
    compare(vectors(store), tensors, names)
    one = run("export", "vectors", store, "--model", "text", "--format", "word2vec", "-o", "-")
    run("train", "text", store, "--from", encoder, "--threads", "1", "-q")
    assert one == run("export", "vectors", store, "--model", "text", "--format", "word2vec", "-o", "-")


def test_words(folder):
    rng = random.Random(8)
    log, store = os.path.join(folder, "w.csv"), os.path.join(folder, "w.aisle")
    encoder = os.path.join(folder, "words")
    names = make_shop(log, rng, 0, 30)
    tensors = make_encoder(encoder, rng, "F32")
    run("import", "csv", log, "--map", MAP, "--into", store, "-q")
    run("train", "text", store, "--from", encoder, "-q")
    for words in ("soft red chair", "Oaks, bluish!"):
        asked = vector(tensors, words.replace("!", " !"))
        want = {p: sum(a * b for a, b in zip(asked, vector(tensors, n)))
                for p, n in names.items()}
        rows = list(csv.DictReader(run("near", store, "--text", words, "-f", "tsv")
                                   .splitlines(), delimiter="\t"))
        assert len(rows) == 20
        best = sorted(want.values(), reverse=True)[:20]
        for row, score in zip(rows, best):
            assert abs(float(row["score"]) - want[row["product"]]) < 2e-5, row
            assert abs(float(row["score"]) - score) < 2e-5, row
    run("train", "popular", store, "-q")
    run("near", store, "--text", "red", "p1", want=2)


def test_refused(folder):
    store = os.path.join(folder, "s.aisle")
    encoder = os.path.join(folder, "bad")
    make_encoder(encoder, random.Random(7), "F32")
    path = os.path.join(encoder, "model.safetensors")
    os.truncate(path, os.path.getsize(path) - 40)
    said = run("train", "text", store, "--from", encoder, want=1)
    assert "not within the file" in said, said
    os.remove(os.path.join(encoder, "config.json"))
    said = run("train", "text", store, "--from", encoder, want=1)
    assert "config.json" in said, said
    said = run("train", "item2vec", store, "--from", encoder, want=2)
    assert "--from" in said, said


TESTS = [(test_against_python, "vectors of three types of weights equal plain Python's"),
         (test_taken_over, "texts that were embedded are taken over"),
         (test_words, "what is near to words is what plain Python finds"),
         (test_refused, "what can't be read is refused")]


def main():
    print("1..%d" % len(TESTS))
    bad = 0
    folder = tempfile.mkdtemp()
    try:
        for i, (test, name) in enumerate(TESTS, 1):
            try:
                test(folder)
                print("ok %d - %s" % (i, name))
            except AssertionError as e:
                bad += 1
                print("# %s" % e)
                print("not ok %d - %s" % (i, name))
    finally:
        shutil.rmtree(folder)
    sys.exit(bad > 0)


main()
