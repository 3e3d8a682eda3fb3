#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The completion for bash, asked as bash asks it.
command -v bash >/dev/null || { echo '1..0 # SKIP bash is not installed'; exit 0; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PATH=$(cd "$top_builddir" && pwd)/src:$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL
file=$(cd "$top_srcdir" && pwd)/data/completions/aisle
shop=$(cd "$top_srcdir" && pwd)/data/shop
cd "$work" || exit 1
# A category that would do harm if the shell expanded it.
{
	head -1 "$shop/events.csv"
	echo '2024-01-01 00:00:00 UTC,view,1,7,a.$(touch harm)`touch harm`;x,b,1.00,5,s1'
	echo '2024-01-01 00:00:00 UTC,view,2,8,a.plain,b,1.00,5,s1'
} >log.csv
aisle import -q mkechinov log.csv --into s.aisle || { echo 'Bail out!'; exit 1; }
cat >ask.bash <<'END'
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { :; }
_aisle
printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
END
n=0

is() {	# is EXPECTED WORD...: the last word is the one that is completed
	n=$((n + 1))
	want=$1
	shift
	found=$(bash ask.bash "$file" "$@" 2>&1)
	if [ "$want " = "$found" ]; then
		echo "ok $n - $*"
	else
		printf '%s\n' "# expected: $want" "# found: $found"
		echo "not ok $n - $*"
	fi
}

echo 1..22
is 'shell show' aisle sh
is 's.aisle shell show' aisle s
is 'product products' aisle show prod
is 's.aisle' aisle show pairs s.
is '--sort' aisle show pairs s.aisle --so
is '--model' aisle show similar s.aisle --mod
is '' aisle show transitions s.aisle --mod
is '' aisle export users s.aisle --rel
is 'co-cart co-purchase co-view' aisle show pairs s.aisle --relation co-
is 'co-view' aisle show pairs s.aisle -r co-v
is 'co-view' aisle show pairs s.aisle --relation = co-v
is 'csv' aisle -q show pairs s.aisle --format = cs
is 'lift lift_high lift_low' aisle show pairs s.aisle --columns lift
is 'a,n,label_a a,n,label_b' aisle show pairs s.aisle --columns a,n,la
is 'confidence lift lift_low n' aisle show pairs s.aisle --sort ''
is 'log.csv' aisle import mkechinov lo
is 'mkechinov mkechinov-orders' aisle import mk
is 'recbole' aisle export sessions s.aisle -f re
is 'log.csv' aisle export sessions s.aisle -o l
is 'a.plain' aisle show products s.aisle --category a.p
is 'a a.\$\(touch\ harm\)\`touch\ harm\`\;x a.plain' aisle show products s.aisle -c a
n=$((n + 1))
if [ -e harm ]; then
	echo "not ok $n - nothing was run"
else
	echo "ok $n - nothing was run"
fi
