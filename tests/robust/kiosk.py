# SPDX-License-Identifier: GPL-3.0-or-later
"""What a visitor of a kiosk can see and do: every command and option, ids of people, files,
time and memory, on a screen, in lines and behind a real sshd."""
import base64
import os
import re
import shutil
import signal
import subprocess
import time

from harness import *
from terminal import Screen

REFUSED = "is not for visitors of a kiosk"
# What a visitor may do, said once more and by hand.
COMMANDS = set("bind go help info near note quit set show similar unbind verdict view".split())
ELSEWHERE = set("demo explore shell verify".split())  # of the command line alone
OPTIONS = set("""
    help version quiet verbose color format
    product with category categories relation same-category tail diversify per-category model user
    session cluster colour level baskets sort limit offset columns where having to text repeat verdicts
    rules panel price metric scope codes like blend adjacent reason position weights""".split())
SETTINGS = set("""
    where category sort same-category level baskets model theme glyphs mouse beside-delay link
    lean relation limit format""".split())

LOG = generated("shop", 60, 900)
STORE = imported(path("shop.aisle"), LOG)
IDS = sorted({row["user_id"] for row in csv.DictReader(open(LOG))})
SESSIONS = sorted({row["user_session"] for row in csv.DictReader(open(LOG))})
PEOPLE = set(IDS + SESSIONS)
PRODUCT = next(csv.DictReader(open(LOG)))["product_id"]


def lines(*typed, options=(), store=STORE, env={}, timeout=60):
    """The plain explorer as a kiosk, with lines from a pipe."""
    text = "".join(line + "\n" for line in typed).encode()
    p = subprocess.run([AISLE, "explore", "--plain", "--kiosk", *options, store], input=text,
                       capture_output=True, timeout=timeout, env=environment(env))
    p.text = (p.stdout + p.stderr).decode("utf-8", "replace")
    return p


def names_of(file, macro):
    with open(os.path.join(SOURCE, "src", file)) as f:
        return re.findall(r'^%s\((\w+)' % macro, f.read(), re.M)


def commands():
    """Every row of the table of commands."""
    faults = []
    operands = {"import": "csv x", "export": "products -o x", "verdict": "approve 1 --with 2",
                "rules": "list", "train": "covis", "note": "products x"}
    for name in names_of("cmd/cmds.def", "CMD"):
        p = lines("%s %s" % (name, operands.get(name, "--quiet")))
        faults.append(died(p))
        refusal = REFUSED in p.text
        if name in ELSEWHERE and "is no command here" not in p.text:
            faults.append("%s: %s" % (name, p.text[-200:]))
        elif name not in ELSEWHERE and refusal == (name in COMMANDS):
            faults.append("%s is %s" % (name, "refused" if refusal else "let in"))
    for line in ("show diff --with " + STORE, "show list --history /etc/passwd",
                 "show list --among /etc/passwd", "near --check", "set show-users on"):
        p = lines(line)
        if REFUSED not in p.text and "can't be set" not in p.text:
            faults.append("%s: %s" % (line, p.text[-200:]))
    return faults


def options():
    """Every option of every command that a visitor has."""
    faults, seen = [], 0
    operand = {"show": "show products", "note": "note products x",
               "near": "near " + PRODUCT, "help": "help show", "verdict": "verdict skip"}
    for name in sorted(COMMANDS - {"quit"}):
        text = aisle("help", name).stdout.decode()
        for option, value in re.findall(r"^ +(?:-\w, )?--([a-z-]+)( \S)?", text, re.M):
            line = "%s --%s%s" % (operand.get(name, name), option, " 1" if value else "")
            p = lines(line)
            seen += 1
            faults.append(died(p))
            if (REFUSED in p.text) == (option in OPTIONS):
                faults.append("%s: %s" % (line, p.text[-160:]))
    if seen < 40:
        faults.append("only %d options were seen" % seen)
    text = aisle("help", "set").stdout.decode()
    for setting in re.findall(r"^  ([a-z-]+)  ", text, re.M):
        p = lines("set %s 1" % setting)
        if setting not in SETTINGS and REFUSED not in p.text and "can't be set" not in p.text:
            faults.append("set %s: %s" % (setting, p.text[-160:]))
    p = aisle("explore", "--kiosk", "--show-users", STORE)
    faults += refused(p, 2, "a kiosk shows no ids of people")
    p = aisle("explore", "--kiosk", "--as", "ann", STORE)
    return faults + refused(p, 2, "a kiosk is for anybody, who decides there as visitor")


def told(text, what):
    """Ids of people or names of files in what a visitor sees."""
    found = sorted(set(re.findall(r"[\w-]+", text)) & PEOPLE)
    found += [w for w in (WORK, "/home", "/etc", "shop.csv", "crc32c", "uuid") if w in text]
    return ["%s tells %s" % (what, w) for w in found[:3]]


def people():
    """Ids of people are nowhere, and don't find anyone."""
    faults = []
    for line in ("show users -n 1000", "show sessions -n 1000", "show overview", "info",
                 "info --format json", "show why --product %s --with %s" % (PRODUCT, PRODUCT),
                 "show users --format json", "show verdicts", "show models", "help"):
        p = lines(line)
        faults += told(p.text, line) + [died(p)]
    for line in ("show user --user " + IDS[0], "show session --session " + SESSIONS[0],
                 "show sessions --user " + IDS[0], "show list --user " + IDS[0],
                 "show person --user " + IDS[0]):
        p = lines(line)
        if "there is no" not in p.text:
            faults.append("%s: %s" % (line, p.text[-200:]))
    name = lines("show users -n 1").text
    name = re.findall(r"u-[0-9a-f]{10}", name)
    for view in ("person", "list"):
        p = lines("show %s --user %s" % (view, (name or ["none"])[0]))
        faults += told(p.text, "show " + view) + [died(p)]
    p = lines("show user --user " + (name or ["none"])[0])
    return faults + ["" if name and p.returncode == 0 else "no pseudonym finds anyone: %s"
                     % p.text[-200:]] + told(p.text, "show user")


def pseudonyms():
    """From a key that is the store's alone, survives imports and is never shown; exports too."""
    shown = ("show", "users", "--columns", "user", "--format", "tsv")
    first = aisle(*shown, STORE).stdout
    other = imported(path("other.aisle"), LOG)
    faults = ["the same names in two stores" if first == aisle(*shown, other).stdout else ""]
    with open(os.path.join(other, "pseudonyms.key")) as f:
        key = f.read().strip()
    before = aisle(*shown, other).stdout
    imported(other, LOG)
    faults.append("" if aisle(*shown, other).stdout == before else "an import changes names")
    for format in ("text", "json"):
        if key in aisle("info", other, "--format", format).stdout.decode():
            faults.append("info shows the key")
    for what in ("users", "sessions"):
        for format in ("csv", "gorse", "recbole", "log", "jsonl"):
            p = aisle("export", what, STORE, "-f", format, "-o", "-")
            q = aisle("export", what, STORE, "-f", format, "-o", "-", "--show-users")
            if p.returncode:
                continue
            faults += told(p.stdout.decode(), "export %s as %s" % (what, format))
            faults.append("" if told(q.stdout.decode(), "") else "--show-users shows none")
    p = aisle("export", "lists", STORE, "--top", "2", "-o", "-")
    faults += [worked(p)] + told(p.stdout.decode(), "export lists")
    whole = [r.split(b",")[0] for r in aisle("export", "users", STORE, "-o", "-").stdout.split()]
    brief = {r.strip() for r in first.split()[1:]}
    if {w[:12] for w in whole[1:]} != brief:
        faults.append("exports and screens name different people")
    # a store of before, or one that came without its key
    os.unlink(os.path.join(other, "pseudonyms.key"))
    twice = [aisle(*shown, other).stdout for _ in range(2)]
    return faults + ["" if twice[0] == twice[1] != before else "names without a key"]


def standing(folder):
    """All files below, with sizes and times of change."""
    return sorted((os.path.join(d, f), os.lstat(os.path.join(d, f)).st_size,
                   os.lstat(os.path.join(d, f)).st_mtime_ns)
                  for d, _, files in os.walk(folder) for f in files)


def prompt():
    """In lines on a terminal: no files are completed, kept or written."""
    home = path("home")
    os.makedirs(home, exist_ok=True)
    before = standing(WORK)
    s = Screen(STORE, term="dumb", options=("--kiosk",), env={"HOME": home})
    faults = [s.until(b"aisle> ")]
    for typed, never in (("show products --where /etc/pas\t\t", b"passwd"),
                         ("\x15/et\t\t", b"/etc/"), ("\x15~roo\x1b&", b"/root"),
                         ("\x15show users --show-users -n 1\r", IDS[0].encode()),
                         ("\x15set\r", b"config")):
        at = len(s.out)
        for key in typed:
            os.write(s.fd, key.encode())
        s.settle(0.2)
        if never in s.out[at:]:
            faults.append("%r shows %r" % (typed, s.out[at:][-200:]))
    os.kill(s.pid, signal.SIGTSTP)
    os.write(s.fd, b"\x15\x1aquit\r")
    if s.end() != 0:
        faults.append("ended with %s" % s.code)
    if standing(WORK) != before:
        faults.append("written: %s" % (set(standing(WORK)) ^ set(before)))
    return faults


def screen():
    """On a screen: what is refused there, what is copied, that it is held by the kernel."""
    home = path("home")
    before = standing(WORK)
    s = Screen(STORE, options=("--kiosk",), env={"HOME": home, "TMUX": "x"})
    faults = [s.begin()]
    with open("/proc/%d/status" % s.pid) as f:
        status = f.read()
    if not re.search(r"NoNewPrivs:\s+1", status):
        faults.append("not in a sandbox: " + status)
    for line, words in ((":show users --show-users", REFUSED), (":set show-users on", REFUSED),
                        (":evaluate item2vec:epochs=100000", REFUSED), (":train covis", REFUSED),
                        (":export products -o x", REFUSED), (":show diff --with x", REFUSED),
                        (":import csv /etc/passwd", REFUSED), ("\x1b\x1a", "can't be stopped")):
        at = len(s.out)
        s.type(line + "\r" if line[0] == ":" else line)
        missing = s.until(words.encode(), since=at)
        if missing:
            faults.append("%r is not refused: %s" % (line, missing))
        s.type("\x1b")
        s.settle(0.1)
    for line in (":info\r", ":set\r", ":show sessions\r"):
        at = len(s.out)
        s.type(line)
        s.settle(0.2)
        faults += told(re.sub(rb"\x1b\[[\d;?]*[A-Za-z]", b" ", s.out[at:]).decode("utf-8", "replace"),
                       line)
        s.type("q")
    at = len(s.out)
    s.type("yc")
    faults.append(s.until(b"\a", since=at))
    copied = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\a", s.out[at:])
    if not copied or WORK.encode() in base64.b64decode(copied[0]):
        faults.append("copied: %r" % [base64.b64decode(c) for c in copied])
    s.type("Q")
    if s.end() != 0:
        faults.append("ended with %s" % s.code)
    if standing(WORK) != before:
        faults.append("written: %s" % (set(standing(WORK)) ^ set(before)))
    return faults


def decided():
    """A visitor's decisions hold while the kiosk runs, and leave no trace."""
    def files():
        return {n: open(os.path.join(STORE, n), "rb").read() for n in os.listdir(STORE)}

    before = files()
    show = "show complementary --product %s --limit 3 --format tsv --columns product" % PRODUCT
    first = re.findall(r"^\d+$", lines(show).text, re.M)
    p = lines("verdict reject --product %s --with %s --reason dear" % (PRODUCT, first[0]), show,
              "verdict undo", show, "verdict pin --product %s --with %s "
              "--position 2" % (PRODUCT, first[0]), show)
    lists = re.findall(r"^\d+$", p.text, re.M)
    faults = [died(p)]
    if lists[:2] != first[1:3] or lists[3:6] != first or lists[7:8] != first[:1] or \
            len(lists) != 9:
        faults.append("%s, then %s: %s" % (first, lists, p.text[-400:]))
    if "as visitor, until this screen ends" not in p.text:
        faults.append(p.text[-400:])
    p = lines("verdict blind")
    if "not for visitors of a kiosk" not in p.text:
        faults.append(p.text[-400:])
    if re.findall(r"^\d+$", lines(show).text, re.M) != first:
        faults.append("the next visitor sees it")
    if files() != before:
        faults.append("files of the store have changed")
    return faults


def budgets():
    """A view that takes too long is cancelled, in lines and on a screen."""
    big = imported(path("big.aisle"), generated("big", 2000, 40000))
    line = ("show pairs --where 'price<1000 and date>2000-01-01' --sort lift --format json "
            "--limit 100000000")
    p = lines(line, line, options=("--seconds", "0.01"), store=big)
    faults = [died(p)]
    if p.returncode != 4 or "longer than the 0.01 s that visitors have" not in p.text:
        faults.append("in lines: exit %d, %s" % (p.returncode, p.text[-200:]))
    faults += refused(aisle("explore", "--kiosk", "--memory", "1K", STORE), 2, "--memory")
    s = Screen(STORE, options=("--kiosk", "--seconds", "0.5"), env={"AISLE_TEST_SLOW_PANEL":
                                                                    "20000"})
    faults.append(s.begin())
    faults.append(s.until(b"longer than the 0.5 s that visitors have"))
    s.type("Q")
    if s.end() not in (0, 4):
        faults.append("ended with %s" % s.code)
    return faults


SSHD = shutil.which("sshd") or next((p for p in ("/usr/sbin/sshd", "/usr/local/sbin/sshd")
                                     if os.access(p, os.X_OK)), None)
CONFIG = """
Port %(port)d
ListenAddress 127.0.0.1
HostKey %(keys)s/host
PidFile none
StrictModes no
UsePAM no
AuthorizedKeysFile %(keys)s/visitor.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowUsers %(user)s
DisableForwarding yes
PermitUserRC no
PermitTunnel no
MaxSessions 1
ForceCommand %(aisle)s explore --kiosk --mask-prices %(store)s
Subsystem sftp internal-sftp
"""


def behind_sshd():
    """The set-up of aisle-kiosk(7) on loopback, and ways out of it."""
    import getpass
    import socket
    keys, faults = path("keys"), []
    os.makedirs(keys)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name in ("host", "visitor"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                        os.path.join(keys, name)], check=True)
    with open(os.path.join(keys, "config"), "w") as f:
        f.write(CONFIG % {"port": port, "keys": keys, "user": getpass.getuser(), "aisle": AISLE,
                          "store": STORE})
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    server = subprocess.Popen([SSHD, "-D", "-e", "-f", os.path.join(keys, "config")],
                              stderr=subprocess.DEVNULL)
    common = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
              "LogLevel=ERROR", "-o", "BatchMode=yes", "-i", os.path.join(keys, "visitor")]
    to = [*common, "-p", str(port), getpass.getuser() + "@127.0.0.1"]

    def ssh(*words, program="ssh", options=(), env={}, typed=b""):
        return subprocess.run([program, *options, *(words or to)], capture_output=True,
                              timeout=30, env=environment(env), input=typed)

    try:
        for _ in range(50):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        for what, p in (
                ("a command", ssh(*to, "echo out; id")),
                ("sftp", ssh(*common, "-P", str(port), "-b", "/dev/null", to[-1], program="sftp")),
                ("a file", ssh(*common, "-P", str(port), to[-1] + ":/etc/passwd", path("got"),
                               program="scp")),
                ("a port", ssh(*to, options=("-N", "-o", "ExitOnForwardFailure=yes", "-R",
                                             "0:127.0.0.1:9"))),
                ("no terminal", ssh()),
                ("a path as terminal", ssh(options=("-tt",), env={"TERM": "../../../tmp/x"},
                                           typed=b"!id\rquit\r"))):
            text = p.stdout + p.stderr
            if b"uid=" in text or b"\nout" in text or os.path.exists(path("got")):
                faults.append("%s gets out: %r" % (what, text[:200]))
        p = ssh(options=("-tt",), env={"TERM": "dumb"},
                typed=b"show users --show-users -n 1\rshow users -n 1\rexport users -o x\rquit\r")
        text = p.stdout.decode("utf-8", "replace")
        if "products in" not in text or text.count(REFUSED) != 2 or \
                not re.search("u-[0-9a-f]{10}", text) or p.returncode != 0:
            faults.append("no kiosk in lines: exit %d, %r" % (p.returncode, text[-600:]))
        faults += told(text, "a kiosk in lines")
    finally:
        server.terminate()
        server.wait()
    return faults


check("every command", commands())
check("every option and setting", options())
check("people have no ids", people())
check("pseudonyms and exports", pseudonyms())
check("a prompt", prompt())
check("a screen", screen())
check("decisions of visitors", decided())
check("seconds and memory", budgets())
if not SSHD:
    skip("behind sshd", "sshd is not installed")
else:
    check("behind sshd", behind_sshd())
finish()
