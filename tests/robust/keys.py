# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys on a bad link: the end of a paste or of the terminal's reply never comes; signals that
end a program at a prompt."""
import os
import signal
import time

from harness import *
from terminal import Screen

STORE = imported(path("shop.aisle"), generated("shop", 60, 300))
PROMPT = b"aisle> "


def lost(begin, keys, wait=1.2):
    """What is wrong when the end of `begin` is lost and then keys come."""
    s = Screen(STORE, options=("--no-resume",))
    faults = [s.begin()]
    os.write(s.fd, begin)
    s.settle(0.1)
    time.sleep(wait)
    for key in keys:
        os.write(s.fd, key)
        s.settle(0.3)
    code = s.end()
    return faults + ["" if code == 0 else "%r then %r: %s" % (begin, keys, code)]


def kept():
    """Letters of a paste in one piece, even after a rest, don't run as keys."""
    s = Screen(STORE, options=("--no-resume",))
    faults = [s.begin()]
    os.write(s.fd, b"\x1b[200~quit")
    time.sleep(1.2)
    os.write(s.fd, b"qq\x1b[201~")
    faults.append(s.until(b"pasted text"))
    if s.over():
        faults.append("the paste was taken for keys: %s" % s.code)
    else:
        os.write(s.fd, b"Q")
    return faults + ["" if s.end() == 0 else "ended with %s" % s.code]


def signals():
    """A prompt that a signal ends leaves its history and the terminal as it should be."""
    faults = []
    for command, options in (("shell", ()), ("explore", ("--plain",))):
        for sig, want in ((signal.SIGHUP, 0), (signal.SIGTERM, -signal.SIGTERM)):
            home = path("home-%s-%d" % (command, sig))
            os.makedirs(home)
            s = Screen(STORE, options=options, command=command, env={"HOME": home})
            faults.append(s.until(PROMPT))
            os.write(s.fd, b"show products -n 1\r")
            faults.append(s.until(PROMPT, 2))
            os.write(s.fd, b"show cat")
            faults.append(s.until(b"show cat"))
            os.kill(s.pid, sig)
            code = s.end()
            if code != want:
                faults.append("%s: signal %d ends it with %s" % (command, sig, code))
            try:
                with open(os.path.join(home, ".local/state/aisle/history")) as f:
                    if "show products -n 1\n" not in f.read():
                        faults.append("%s: history without the line" % command)
            except OSError as e:
                faults.append("%s, signal %d: %s" % (command, sig, e))
    return faults


def interrupts():
    """What was typed goes with SIGINT, at whatever moment it comes."""
    s = Screen(STORE, options=(), command="shell")
    faults = [s.until(PROMPT)]
    for _ in range(100 if LONG else 10):
        at = len(s.out)
        os.write(s.fd, b"show cat")
        faults.append(s.until(b"show cat", since=at))
        os.kill(s.pid, signal.SIGINT)
        faults.append(s.until(PROMPT, since=at))
        os.write(s.fd, b"nothing\r")
        faults.append(s.until(b"'nothing' is no command", since=at))
        faults.append(s.until(PROMPT, 2, since=at))
    os.write(s.fd, b"quit\r")
    return faults + ["" if s.end() == 0 else "ended with %s" % s.code]


check("a paste without an end",
      *[lost(b"\x1b[200~lost", keys) for keys in ([b"Q"], [b"\x1b", b"Q"], [b"\x03", b"Q"])])
check("a reply without an end", lost(b"\x1b]11;rgb:", [b"Q"]), lost(b"\x1b]11;rgb:ff", [b"Q"], 0))
check("a paste with an end", kept())
check("signals at a prompt", signals())
check("interrupts at a prompt", interrupts())
finish()
