# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that share one generated shop in a folder of its own, told as TAP."""
import os
import subprocess
import tempfile

TOP = os.environ.get("top_builddir", ".")
AISLE = os.path.join(TOP, "src", "aisle")


def run(*words, want=0):
    r = subprocess.run(words, capture_output=True)
    if r.returncode != want:
        raise AssertionError("%s: exit %d, not %d: %s" % (
            " ".join(words), r.returncode, want, r.stderr.decode()))
    return r.stdout.decode() if want == 0 else r.stderr.decode()


def run_tests(make, names):
    """make(folder): the shop; names: of functions test_..., each called with it."""
    tests = [t for n, t in sorted(names.items()) if n.startswith("test_")]
    print("1..%d" % len(tests))
    with tempfile.TemporaryDirectory() as folder:
        shop = make(folder)
        for i, t in enumerate(tests, 1):
            try:
                t(shop)
                print("ok %d - %s" % (i, t.__name__[5:]))
            except AssertionError as e:
                print("# %s" % str(e).replace("\n", "\n# "))
                print("not ok %d - %s" % (i, t.__name__[5:]))
