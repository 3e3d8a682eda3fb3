#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""aisle demo --record: an asciicast and a picture of the tour, without a terminal."""
import json, os, re, shutil, subprocess, sys, tempfile
import xml.etree.ElementTree as xml

aisle = os.path.join(os.path.abspath(os.environ["top_builddir"]), "src/aisle")
folder = tempfile.mkdtemp()
source = os.path.join(os.path.abspath(os.environ["top_srcdir"]), "src/tui/tour.c")
os.chdir(folder)
n = 0


def ok(what, right, why=""):
    global n
    n += 1
    print("%sok %d - %s" % ("" if right else "not ", n, what))
    if not right and why:
        print("# " + str(why)[:2000].replace("\n", "\n# "))


def demo(name):
    return subprocess.run([aisle, "demo", "demo", "--record", name], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)


def steps():
    table = re.search(r"steps\[\] = \{\n(.*?)\n\};", open(source).read(),
                      re.S).group(1)
    return [float(s) for s in re.findall(r'^\t\{"(?:[^"\\]|\\.)*", "[^"]*", ([\d.]+),', table,
                                         re.M)]


print("1..9")
try:
    refused = demo("tour.gif")
    made = os.listdir(".")
    p = demo("tour.cast")
    ok("a recording needs no terminal", p.returncode == 0 and not p.stdout, p.stderr.decode())
    lines = [json.loads(line) for line in open("tour.cast")]
    head, events = lines[0], lines[1:]
    ok("the head of an asciicast", head["version"] == 2 and head["width"] == 100 and
       head["height"] == 30, head)
    times = [e[0] for e in events]
    seconds = steps()
    begin = [sum(seconds[:i]) for i in range(len(seconds))]
    ok("its times are the story's", times == sorted(times) and
       set(begin) <= set(round(t, 6) for t in times), (times, begin))
    text = "".join(e[2] for e in events)
    plain = re.sub(r"\033\[[^a-zA-Z]*[a-zA-Z]", "", text)
    ok("what is shown is in it", "your turn" in plain and all(e[1] == "o" for e in events))
    ok("nothing in it asks a terminal or takes its mouse",
       not re.search(r"\033\[5n|\033\]11;\?|\033\[\?100\d", text) and "1006" not in text)
    demo("again.cast")
    ok("twice the same bytes", open("tour.cast").read() == open("again.cast").read())
    demo("tour.svg")
    tree = xml.parse("tour.svg").getroot()
    frames = [g for g in tree.iter() if g.get("class", "").startswith("f")]
    used = {u.get("href")[1:] for u in tree.iter() if u.tag.endswith("use")}
    there = {g.get("id") for g in tree.iter() if g.get("id")}
    ok("a picture of as many screens, in itself", len(frames) == len(seconds) and used == there and
       "http" not in re.sub(r'xmlns="[^"]*"', "", open("tour.svg").read()), len(frames))
    ok("its last screen ends with the story's words",
       "your turn" in "".join(xml.tostring(tree, "unicode", "text").replace("\u00a0", " ")))
    ok("other names are refused before a shop is made", refused.returncode == 2 and
       b".cast" in refused.stderr and not made, refused.stderr.decode())
finally:
    os.chdir("/")
    shutil.rmtree(folder)
