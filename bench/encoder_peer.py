# SPDX-License-Identifier: GPL-3.0-or-later
"""The encoder beside ONNX Runtime on one thread: processor time per token, in one run.

    python3 bench/encoder_peer.py --aisle build/src/aisle --weights DIR --articles articles.csv

DIR is a folder as `aisle train text --from` takes it, articles.csv that of H&M. A graph is built of
the folder's weights (LayerNormalization, Erf; the runtime fuses what it can), texts of one length
are run together and so without padding, in batches of about 512 tokens. Of aisle the whole command
`train text` is counted, reading and writing included; of the runtime its runs alone. Turns are
taken one after the other; printed are those of each and the ratio of the medians. Needs onnx,
onnxruntime, numpy and tokenizers."""
import argparse
import csv
import json
import os
import resource
import statistics
import struct
import subprocess
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import BertWordPieceTokenizer

BATCH = 512


def tensors(path):
    with open(path, "rb") as f:
        n = struct.unpack("<Q", f.read(8))[0]
        head = json.loads(f.read(n))
        body = f.read()
    for name, t in head.items():
        if name != "__metadata__" and t["dtype"] == "F32":
            a, b = t["data_offsets"]
            yield name, np.frombuffer(body[a:b], np.float32).reshape(t["shape"])


class Graph:
    def __init__(self, folder):
        self.config = json.load(open(os.path.join(folder, "config.json")))
        self.w = dict(tensors(os.path.join(folder, "model.safetensors")))
        self.nodes, self.constants, self.made = [], [], 0

    def constant(self, value, name=None):
        self.made += 1
        name = name or "c%d" % self.made
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind, *inputs, **attributes):
        self.made += 1
        out = "x%d" % self.made
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def linear(self, name, x):
        y = self.op("MatMul", x, self.constant(self.w[name + ".weight"].T))
        return self.op("Add", y, self.constant(self.w[name + ".bias"]))

    def norm(self, name, x):
        return self.op("LayerNormalization", x, self.constant(self.w[name + ".weight"]),
                       self.constant(self.w[name + ".bias"]), axis=-1,
                       epsilon=self.config["layer_norm_eps"])

    def gelu(self, x):
        y = self.op("Div", x, self.constant(np.float32(2 ** .5)))
        y = self.op("Add", self.op("Erf", y), self.constant(np.float32(1)))
        return self.op("Mul", self.op("Mul", x, y), self.constant(np.float32(.5)))

    def attention(self, at, x):
        heads, width = self.config["num_attention_heads"], self.config["hidden_size"]
        shape = self.constant(np.array([0, 0, heads, width // heads], np.int64))

        def part(name, order):
            y = self.op("Reshape", self.linear(at + "self." + name, x), shape)
            return self.op("Transpose", y, perm=order)

        q, k, v = (part("query", [0, 2, 1, 3]), part("key", [0, 2, 3, 1]),
                   part("value", [0, 2, 1, 3]))
        s = self.op("Div", self.op("MatMul", q, k),
                    self.constant(np.float32((width // heads) ** .5)))
        y = self.op("MatMul", self.op("Softmax", s, axis=-1), v)
        y = self.op("Transpose", y, perm=[0, 2, 1, 3])
        y = self.op("Reshape", y, self.constant(np.array([0, 0, width], np.int64)))
        return self.linear(at + "output.dense", y)

    def build(self, path):
        e = "embeddings."
        words = self.op("Gather", self.constant(self.w[e + "word_embeddings.weight"]), "ids")
        x = self.op("Add", words, "places")
        x = self.norm(e + "LayerNorm", x)
        for i in range(self.config["num_hidden_layers"]):
            at = "encoder.layer.%d." % i
            x = self.norm(at + "attention.output.LayerNorm",
                          self.op("Add", self.attention(at + "attention.", x), x))
            y = self.gelu(self.linear(at + "intermediate.dense", x))
            x = self.norm(at + "output.LayerNorm",
                          self.op("Add", self.linear(at + "output.dense", y), x))
        x = self.op("ReduceMean", x, axes=[1], keepdims=0)
        self.nodes.append(helper.make_node("LpNormalization", [x], ["vectors"], axis=-1, p=2))
        f, width = TensorProto.FLOAT, self.config["hidden_size"]
        graph = helper.make_graph(
            self.nodes, "encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
             helper.make_tensor_value_info("places", f, ["tokens", width])],
            [helper.make_tensor_value_info("vectors", f, ["texts", width])], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        onnx.save(model, path)

    def places(self):
        return (self.w["embeddings.position_embeddings.weight"] +
                self.w["embeddings.token_type_embeddings.weight"][0])


def processor(who):
    u = resource.getrusage(who)
    return u.ru_utime + u.ru_stime


class Peer:
    def __init__(self, folder, texts, scratch):
        cut = BertWordPieceTokenizer(os.path.join(folder, "vocab.txt"), lowercase=True)
        cut.enable_truncation(256)
        self.ids = [cut.encode(t).ids for t in texts]
        self.tokens = sum(map(len, self.ids))
        g = Graph(folder)
        path = os.path.join(scratch, "encoder.onnx")
        g.build(path)
        self.places = g.places()
        o = onnxruntime.SessionOptions()
        o.intra_op_num_threads = o.inter_op_num_threads = 1
        o.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(path, o, providers=["CPUExecutionProvider"])
        self.out = np.empty((len(texts), g.config["hidden_size"]), np.float32)

    def batches(self):
        order = sorted(range(len(self.ids)), key=lambda i: len(self.ids[i]))
        at = 0
        while at < len(order):
            n = len(self.ids[order[at]])
            end = at
            while (end < len(order) and len(self.ids[order[end]]) == n and
                   (end == at or (end - at + 1) * n <= BATCH)):
                end += 1
            yield order[at:end], n
            at = end

    def turn(self):
        spent = 0
        for rows, n in self.batches():
            fed = {"ids": np.array([self.ids[i] for i in rows], np.int64),
                   "places": self.places[:n]}
            start = processor(resource.RUSAGE_SELF)
            self.out[rows] = self.session.run(None, fed)[0]
            spent += processor(resource.RUSAGE_SELF) - start
        return spent


class Aisle:
    def __init__(self, a, rows, scratch):
        self.a, self.store = a, os.path.join(scratch, "shop.aisle")
        files = [os.path.join(scratch, f) for f in ("articles.csv", "transactions_train.csv")]
        with open(files[0], "w", newline="") as f:
            w = csv.DictWriter(f, rows[0].keys())
            w.writeheader()
            w.writerows(rows)
        with open(files[1], "w") as f:
            f.write("t_dat,customer_id,article_id,price,sales_channel_id\n")
            f.write("2020-09-16,%064d,%s,0.05,1\n" % (1, rows[0]["article_id"]))
        subprocess.run([a.aisle, "import", "hm", *files, "--into", self.store], check=True,
                       capture_output=True)

    def turn(self):
        subprocess.run([self.a.aisle, "train", "text", self.store, "--remove"],
                       capture_output=True)
        start = processor(resource.RUSAGE_CHILDREN)
        subprocess.run([self.a.aisle, "train", "text", self.store, "--from", self.a.weights,
                        "--threads", "1"], check=True, capture_output=True)
        return processor(resource.RUSAGE_CHILDREN) - start

    def vectors(self, width):
        path = os.path.join(os.path.dirname(self.store), "vectors.tsv")
        subprocess.run([self.a.aisle, "export", "vectors", self.store, "--model", "text",
                        "--to", path], check=True, capture_output=True)
        return path


def read_rows(a):
    rows, seen = [], set()
    for r in csv.DictReader(open(a.articles, newline="")):
        text = r["prod_name"] + ". " + r["detail_desc"]
        if r["detail_desc"] and text not in seen:
            seen.add(text)
            rows.append(r)
        if len(rows) == a.texts:
            break
    return rows


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--aisle", default="build/src/aisle")
    a.add_argument("--weights", required=True)
    a.add_argument("--articles", required=True)
    a.add_argument("--texts", type=int, default=2000)
    a.add_argument("--turns", type=int, default=3)
    a = a.parse_args()
    a.aisle, a.weights = os.path.abspath(a.aisle), os.path.abspath(a.weights)
    rows = read_rows(a)
    with tempfile.TemporaryDirectory() as scratch:
        peer = Peer(a.weights, [r["prod_name"] + ". " + r["detail_desc"] for r in rows], scratch)
        aisle = Aisle(a, rows, scratch)
        print("%d texts, %d tokens; onnxruntime %s" % (
            len(rows), peer.tokens, onnxruntime.__version__))
        spent = {"aisle": [], "onnxruntime": []}
        for _ in range(a.turns):
            spent["aisle"].append(aisle.turn())
            spent["onnxruntime"].append(peer.turn())
        for name, s in spent.items():
            print("%-12s %s tokens per second of processor time" % (
                name, " ".join("%.0f" % (peer.tokens / x) for x in s)))
        print("ratio of the medians %.2f" % (
            statistics.median(spent["aisle"]) / statistics.median(spent["onnxruntime"])))


if __name__ == "__main__":
    main()
