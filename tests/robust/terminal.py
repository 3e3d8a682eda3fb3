# SPDX-License-Identifier: GPL-3.0-or-later
"""A pseudo terminal with the program on it, driven by keys and read as bytes."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from harness import AISLE

FRAME = b"\x1b[5n"


class Screen:
    """One explorer on a terminal of its own; begin() waits for its first frame."""

    def __init__(self, store, term="xterm-256color", rows=50, columns=160,
                 options=("--threads", "1"), env={}, command="explore"):
        self.out, self.answered, self.code = b"", 0, None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(env, TERM=term)
            # no mouse of a console: libgpm, which ncurses would load, leaks without one
            os.environ["NCURSES_GPM_TERMS"] = ""
            try:
                os.execv(AISLE, [AISLE, command, store, *options])
            finally:
                os._exit(99)
        self.resize(rows, columns)

    def read(self, seconds):
        """Take what comes; a frame is acknowledged as a terminal would do it."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            part = os.read(self.fd, 65536)
        except OSError:
            part = b""
        self.out += part
        while self.out.count(FRAME) > self.answered:
            self.answered += 1
            os.write(self.fd, b"\x1b[0n")
        return part != b""

    def settle(self, quiet=0.02, most=5):
        end = time.monotonic() + most
        while time.monotonic() < end and self.read(quiet):
            pass

    def until(self, text, times=1, since=0, most=60):
        """Take what comes until the text is there so often, from byte `since` on; '' or what
        was there instead."""
        end = time.monotonic() + most
        while self.out.count(text, since) < times and time.monotonic() < end:
            if not self.read(0.5) and self.over():
                break
        return "" if self.out.count(text, since) >= times else \
            "no %r in %r" % (text, self.out[since:][-300:])

    def begin(self):
        """Until the first frame is drawn."""
        end = time.monotonic() + 60
        while len(self.out) < 200 and time.monotonic() < end:
            if not self.read(1) and self.over():
                break
        self.settle()
        return "" if len(self.out) >= 200 else "nothing drawn: %r" % self.out

    def type(self, keys):
        for key in keys:
            if os.write(self.fd, key.encode()) and not self.read(0.1) and self.over():
                return
            self.settle()

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def over(self):
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code is not None

    def end(self, seconds=30):
        """Its exit code; it is killed when it does not end by itself."""
        limit = time.monotonic() + seconds
        while not self.over() and time.monotonic() < limit:
            if self.fd >= 0:
                self.read(0.02)
            else:
                time.sleep(0.01)
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.code = "had to be killed"
        self.close()
        return self.code

    def close(self):
        if self.fd >= 0:
            self.settle(0, 1)
            os.close(self.fd)
            self.fd = -1
