#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Golden tests of the command line. Every tests/cli/*.t is a script that runs in an empty
# folder with `aisle` on its path and $SHOP, a store made of data/shop; $EACH runs many
# commands in one process. What it writes to stdout, then to stderr, and its exit code must be
# what tests/cli/NAME.out says.
# UPDATE_GOLDENS=1 writes those files anew: look at the difference before committing it.
cases=$top_srcdir/tests/cli
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PATH=$top_builddir/src:$PATH
LC_ALL=C.UTF-8
NO_COLOR=1
HOME=$work
DATA=$top_srcdir/data
SHOP=$work/shop.aisle
EACH=$top_builddir/tests/cli/each
export PATH LC_ALL NO_COLOR HOME DATA SHOP EACH
unset XDG_STATE_HOME COLUMNS

topics='views models filters keys'
commands=$(aisle help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
set -- "$cases"/*.t
if ! [ -x "$EACH" ]; then
	echo "Bail out! $EACH isn't built; 'make check' builds it"
	exit 1
fi
echo "1..$(($# + 4 + $(echo $commands $topics | wc -w)))"
if ! aisle import mkechinov "$DATA/shop/events.csv" --products "$DATA/shop/products.csv" \
	--into "$SHOP" >"$work/import.out" 2>&1; then
	sed 's/^/# /' "$work/import.out"
	echo 'Bail out! the shop can not be imported'
	exit 1
fi

# Pseudonyms are made with a random key, here with this one.
echo 00112233445566778899aabbccddeeff >"$SHOP/pseudonyms.key"

# Folders differ from run to run.
neutral() {
	sed -e "s|$SHOP|SHOP|g" -e "s|$DATA|DATA|g" -e "s|$work|WORK|g" \
		-e 's/^\(sandbox  *\).*/\1KERNEL/'
}

n=0
for t; do
	n=$((n + 1))
	name=$(basename "$t" .t)
	mkdir "$work/$name"
	(cd "$work/$name" && sh "$t" >"$work/stdout" 2>"$work/stderr")
	code=$?
	{
		neutral <"$work/stdout"
		echo "--- stderr"
		neutral <"$work/stderr"
		echo "--- exit $code"
	} >"$work/result"
	[ -z "$UPDATE_GOLDENS" ] || cp "$work/result" "$cases/$name.out"
	if cmp -s "$work/result" "$cases/$name.out"; then
		echo "ok $n - $name"
	else
		diff "$cases/$name.out" "$work/result" | sed 's/^/# /'
		echo "not ok $n - $name"
	fi
done

# made NAME TOPIC FILE: a file that is made from the tables and committed.
made() {
	n=$((n + 1))
	aisle help $2 >"$work/made"
	[ -z "$UPDATE_GOLDENS" ] || cp "$work/made" "$top_srcdir/$3"
	if cmp -s "$work/made" "$top_srcdir/$3"; then
		echo "ok $n - $1 is current"
	else
		echo "# make it anew: UPDATE_GOLDENS=1 make check TESTS=tests/cli/cli.sh"
		echo "not ok $n - $1 is current"
	fi
}
made 'manual page' man man/aisle.1
made 'completion for bash' bash data/completions/aisle
made 'completion for zsh' zsh data/completions/_aisle
made 'completion for fish' fish data/completions/aisle.fish
for page in $commands; do
	made "manual page of $page" "man $page" "man/aisle-$page.1"
done
for page in $topics; do
	made "manual page of $page" "man $page" "man/aisle-$page.7"
done
