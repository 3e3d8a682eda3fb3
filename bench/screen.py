# SPDX-License-Identifier: GPL-3.0-or-later
"""A program in a pseudo-terminal: when its bytes come after a key."""
import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

QUIET = 0.1	# seconds without a byte: the frame is over
LIMIT = 10.0	# no byte at all for so long: something is wrong

SYNC_END = b"\x1b[?2026l"

# What terminals answer when they are asked who and how they are.
ANSWERS = {
    b"\x1b[c": b"\x1b[?62;22c", b"\x1b[0c": b"\x1b[?62;22c",
    b"\x1b[>c": b"\x1b[>0;0;0c", b"\x1b[>0c": b"\x1b[>0;0;0c",
    b"\x1b[5n": b"\x1b[0n", b"\x1b[6n": b"\x1b[2;4R",
}


@contextlib.contextmanager
def come_first():
    """The kernel wakes this harness before all others (where that is allowed), not what it
    starts: that it waits for a processor isn't what is measured."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    yield
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))]


class Keys:
    """Milliseconds from a key to the first and to the last byte of its frames."""

    def __init__(self):
        self.firsts, self.lasts, self.sizes, self.silent = [], [], [], 0

    def first(self, q):
        return quantile(self.firsts, q)

    def last(self, q):
        return quantile(self.lasts, q)

    def bytes(self):
        return sum(self.sizes) / max(1, len(self.sizes))


class Screen:
    def __init__(self, argv, columns, rows):
        self.tail, self.drawn = b"", None
        self.start = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            env = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", LESS="")
            size = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            try:
                os.execvpe(argv[0], argv, env)
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGTERM)
        for _ in range(200):
            done, _ = os.waitpid(self.pid, os.WNOHANG)
            if done:
                break
            if select.select([self.fd], [], [], 0.01)[0]:
                try:
                    os.read(self.fd, 65536)
                except OSError:
                    pass
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)

    def frame(self, since):
        """Milliseconds from `since` to the first and the last byte, and the bytes."""
        first = last = self.drawn = None
        size = 0
        while True:
            wait = QUIET if first is not None else LIMIT
            if not select.select([self.fd], [], [], wait)[0]:
                break
            try:
                data = os.read(self.fd, 1 << 20)
            except OSError:
                break
            if not data:
                break
            last = time.monotonic()
            first = first or last
            size += len(data)
            self.reply(data)
            if self.drawn is None and SYNC_END in self.tail + data:
                self.drawn = (last - since) * 1000
            self.tail = data[-8:]
        if first is None:
            raise SystemExit("the program drew nothing")
        return (first - since) * 1000, (last - since) * 1000, size

    def reply(self, data):
        """Answer questions, also those that two reads tore apart."""
        text = self.tail + data
        for question, answer in ANSWERS.items():
            at = text.find(question)
            while at >= 0:
                if at + len(question) > len(self.tail):
                    os.write(self.fd, answer)
                at = text.find(question, at + 1)

    def first_frame(self):
        """Milliseconds from the start to the end of the first synchronised update,
        or to the last byte before it is quiet where a program sends none."""
        last = self.frame(self.start)[1]
        return last if self.drawn is None else self.drawn

    def press(self, n, down=b"\x1bOB"):
        """Cursor down n times, as terminals send it in application mode."""
        keys = Keys()
        with come_first():
            for _ in range(n):
                self.key(keys, down)
        return keys

    def key(self, keys, byte):
        since = time.monotonic()
        os.write(self.fd, byte)
        if not select.select([self.fd], [], [], 1.0)[0]:
            keys.silent += 1	# the last row, say
            return
        first, last, size = self.frame(since)
        keys.firsts.append(first)
        keys.lasts.append(last)
        keys.sizes.append(size)

    def wakeups(self, seconds):
        def switches():
            total = 0
            for task in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{task}/status") as f:
                    for line in f:
                        if line.startswith("voluntary_ctxt_switches"):
                            total += int(line.split()[1])
            return total

        time.sleep(0.5)
        before = switches()
        time.sleep(seconds)
        return switches() - before

    def private_memory(self):
        """MiB of anonymous memory."""
        with open(f"/proc/{self.pid}/smaps_rollup") as f:
            for line in f:
                if line.startswith("Anonymous:"):
                    return int(line.split()[1]) / 1024
        return 0.0
