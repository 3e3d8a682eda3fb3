#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Stands for all tests when configure found no libraries for them.
echo "Bail out! the tests need: apt-get install $MISSING_TEST_PACKAGES (then run configure again)"
