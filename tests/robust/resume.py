# SPDX-License-Identifier: GPL-3.0-or-later
"""Models of texts that are stopped or killed while they are made go on where they were, to the
same bytes as one that nobody stopped."""
import math
import shutil
import signal
import struct
import time

from harness import *

STORE, WHOLE, ENCODER = path("shop.aisle"), path("whole.aisle"), path("encoder")
WORDS = ["w%s%s" % (a, b) for a in "abcdefghijklmnopqrst" for b in "abcdefghijklmnopqrst"]
SMALL = SANITIZED and not LONG
WIDTH, LAYERS, PLACES = 48 if SMALL else 96, 3, 64
MAP = "time=time,session=session,product=product,name=name,price=price,kind=purchase"
MODELS = {
    "text": ["--from", ENCODER],
    "scratch": ["--from-scratch", "--epochs", "1", "--pieces", "300", "--dim", "32",
                "--layers", "1", "--tune-on", "similar"],
}


def make_shop(n):
    with open(path("log.csv"), "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["time", "session", "product", "name", "price"])
        for i in range(n):
            out.writerow(["2024-01-%02d 10:00:00" % (1 + i % 28), "s%d" % (i // 3), "p%d" % i,
                          " ".join(rng.choice(WORDS) for _ in range(24)), "9.%d" % (i % 10)])
    p = aisle("import", "csv", path("log.csv"), "--map", MAP, "--into", STORE, "-q")
    if p.returncode:
        sys.exit(shown(p))
    shutil.copytree(STORE, WHOLE)


def shapes(pieces):
    for name, rows in (("word", pieces), ("position", PLACES), ("token_type", 2)):
        yield "embeddings.%s_embeddings.weight" % name, (rows, WIDTH)
    norms = ["embeddings.LayerNorm"]
    for i in range(LAYERS):
        at = "encoder.layer.%d." % i
        for name, shape in (("attention.self.query", (WIDTH, WIDTH)),
                            ("attention.self.key", (WIDTH, WIDTH)),
                            ("attention.self.value", (WIDTH, WIDTH)),
                            ("attention.output.dense", (WIDTH, WIDTH)),
                            ("intermediate.dense", (4 * WIDTH, WIDTH)),
                            ("output.dense", (WIDTH, 4 * WIDTH))):
            yield at + name + ".weight", shape
            yield at + name + ".bias", shape[:1]
        norms += [at + "attention.output.LayerNorm", at + "output.LayerNorm"]
    for name in norms:
        yield name + ".weight", (WIDTH,)
        yield name + ".bias", (WIDTH,)


def make_encoder():
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + WORDS
    header, data = {}, b""
    for name, shape in shapes(len(pieces)):
        n = math.prod(shape)
        raw = struct.pack("<%df" % n, *(rng.uniform(-.2, .2) for _ in range(n)))
        header[name] = {"dtype": "F32", "shape": list(shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    os.makedirs(ENCODER)
    head = json.dumps(header).encode()
    with open(os.path.join(ENCODER, "model.safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + data)
    with open(os.path.join(ENCODER, "vocab.txt"), "w") as f:
        f.write("\n".join(pieces) + "\n")
    with open(os.path.join(ENCODER, "config.json"), "w") as f:
        json.dump({"model_type": "bert", "hidden_act": "gelu", "hidden_size": WIDTH,
                   "num_hidden_layers": LAYERS, "num_attention_heads": 3,
                   "intermediate_size": 4 * WIDTH, "vocab_size": len(pieces),
                   "max_position_embeddings": PLACES, "layer_norm_eps": 1e-12}, f)
    with open(os.path.join(ENCODER, "modules.json"), "w") as f:
        json.dump([{"type": "sentence_transformers.models." + t}
                   for t in ("Transformer", "Pooling", "Normalize")], f)


def vectors(store, name):
    return aisle("export", "vectors", store, "--model", name, "--format", "word2vec", "-o", "-",
                 timeout=600).stdout


def train(name, store, *more):
    return ["train", "text", store, *MODELS[name], "--as", name, "--threads", "1", *more]


def kept(name):
    return os.path.join(STORE, "unfinished-" + name)


def stop(name, how, *more):
    """Begin, and end it once something was kept; '' or what is wrong. It is kept after every
    thousand texts or step, however fast the machine."""
    p = start(*train(name, STORE, "-q", *more), env={"AISLE_TEST_KEEP": "1"},
              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    before = os.stat(kept(name)).st_mtime_ns if os.path.exists(kept(name)) else 0
    while p.poll() is None:
        if os.path.exists(kept(name)) and os.stat(kept(name)).st_mtime_ns != before:
            p.send_signal(how)
            break
        time.sleep(.01)
    out, said = p.communicate()
    if p.returncode != (-signal.SIGKILL if how == signal.SIGKILL else 130):
        return "%s: exit %d, said %r" % (name, p.returncode, said)
    if how != signal.SIGKILL and b"the same command goes on" not in said:
        return "%s doesn't say that it goes on: %r" % (name, said)
    return "" if os.path.exists(kept(name)) else "nothing is kept"


def goes_on(name):
    said = worked(aisle(*train(name, WHOLE, "-q"), timeout=600))
    faults = [said, stop(name, signal.SIGKILL), whole(STORE),
              stop(name, signal.SIGINT), whole(STORE)]
    p = aisle(*train(name, STORE), timeout=600)
    faults += [worked(p), "" if b"going on where it was stopped" in p.stderr else
               "it began anew: %r" % p.stderr]
    have = vectors(STORE, name)
    faults += ["" if len(have) > 1000 and have == vectors(WHOLE, name) else "other vectors",
               "what was kept is still there" if os.path.exists(kept(name)) else ""]
    check("%s goes on where it was, to the same vectors" % name, faults)


def begins_anew():
    """Other fields are another training; what is spoilt isn't believed."""
    faults = [worked(aisle("train", "text", STORE, "--remove")), stop("text", signal.SIGTERM)]
    p = aisle(*train("text", STORE, "--fields", "name"), timeout=600)
    faults += [worked(p), "it went on with other fields" if b"going on" in p.stderr else ""]
    faults.append(stop("text", signal.SIGKILL, "--fields", "all"))
    with open(kept("text"), "r+b") as f:
        f.seek(-9, 2)
        f.write(b"x")
    p = aisle(*train("text", STORE, "--fields", "all"), timeout=600)
    faults += [worked(p), "it believed what was spoilt" if b"going on" in p.stderr else ""]
    check("another training, and one whose state was spoilt, begin anew", faults, whole(STORE))


make_shop(4000 if SMALL else 6000)
make_encoder()
for model in MODELS:
    goes_on(model)
begins_anew()
finish()
