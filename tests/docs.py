#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorials of docs/: every command in them is run, in the order of the page, and what it
prints must stand below it. A line of "..." stands for any lines, "..." inside a line for any
text. UPDATE_GOLDENS=1 writes what is printed into the pages: read the difference."""
import glob, os, re, shutil, subprocess, sys, tempfile

top = os.path.abspath(os.environ.get("top_srcdir", "."))
build = os.path.abspath(os.environ.get("top_builddir", "."))
update = bool(os.environ.get("UPDATE_GOLDENS"))


def plain(line):
    """Pseudonyms are made with a random key, and time passes."""
    line = re.sub(r"\b([su])-[0-9a-f]{10}\b", r"\1-##########", line)
    return re.sub(r"\b20[2-9]\d-\d\d-\d\dT[\d:.]+Z", "NOW", line)


def fits(expected, found):
    expected, found = [plain(line) for line in expected], [plain(line) for line in found]
    parts = [re.escape(line).replace(re.escape("..."), ".*") for line in expected]
    pattern = "".join("(?:.*\n)*?" if p == ".*" else p + "\n" for p in parts)
    return re.fullmatch(pattern, "".join(line + "\n" for line in found)) is not None


def settled(line):
    """What differs from run to run."""
    return re.sub(r"^(took +).*", r"\1...", line)


def blocks(text):
    """(before, body, after) of every ```console block: pieces that join to the text."""
    return re.split(r"(?ms)^```console\n(.*?)^```$", text)


def commands(body):
    """[command, [output lines]], a command going on over lines that end in a backslash or a
    here document."""
    out, lines = [], body.split("\n")[:-1]
    while lines:
        line = lines.pop(0)
        if not line.startswith("$ "):
            out[-1][1].append(line)
            continue
        words = [line[2:]]
        here = re.search(r"<<'?(\w+)'?", line)
        while here and words[-1] != here.group(1) or not here and words[-1].endswith("\\"):
            words.append(lines.pop(0))
        out.append(["\n".join(words), []])
    return out


def run(folder, command, env):
    p = subprocess.run(["sh", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return p.stdout.decode().replace(folder + "/", "").rstrip("\n").split("\n"), p.returncode


def page(path):
    folder = tempfile.mkdtemp()
    env = dict(os.environ, PATH=build + "/src:" + os.environ["PATH"], HOME=folder, TZ="UTC",
               LC_ALL="C.UTF-8", NO_COLOR="1", LOGNAME="me", USER="me")
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "COLUMNS"):
        env.pop(name, None)
    text = open(path).read()
    pieces, wrong, ran = blocks(text), [], 0
    for i in range(1, len(pieces), 2):
        made = ""
        for command, expected in commands(pieces[i]):
            found, _ = run(folder, command, env)
            found = [] if found == [""] else found
            ran += 1
            made += "$ " + command + "\n"
            if update and not fits(expected, found):
                expected = [settled(line) for line in found]
            elif not fits(expected, found):
                wrong.append((command, expected, found))
            made += "".join(line + "\n" for line in expected)
        pieces[i] = "```console\n" + made + "```"
    shutil.rmtree(folder)
    if update:
        open(path, "w").write("".join(pieces))
    return ran, wrong


pages = sorted(glob.glob(top + "/docs/*.md"))
print("1..%d" % (len(pages) + 1))
total = 0
for n, path in enumerate(pages, 1):
    ran, wrong = page(path)
    total += ran
    for command, expected, found in wrong:
        print("# $ " + command.replace("\n", "\n# "))
        print("".join("# expected: %s\n" % line for line in expected), end="")
        print("".join("# found:    %s\n" % line for line in found), end="")
    print("%sok %d - %s: %d commands" % ("not " if wrong else "", n, os.path.basename(path), ran))
print("%sok %d - %d commands in %d pages" %
      ("" if total >= 25 else "not ", len(pages) + 1, total, len(pages)))
