#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Whole imports of real logs, read from the folder AISLE_TEST_DATA: totals that were
# counted independently, and every pair against a count made here with awk.
[ -n "${AISLE_TEST_DATA:-}" ] || { echo '1..0 # SKIP AISLE_TEST_DATA is not set'; exit 0; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PATH=$top_builddir/src:$PATH
LC_ALL=C
export PATH LC_ALL
cd "$work" || exit 1
n=0

is() {	# is NAME EXPECTED FOUND
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "# expected: $2"
		echo "# found:    $3"
		echo "not ok $n - $1"
	fi
}

key() {	# key STORE NAME...: values of `info` in order
	store=$1
	shift
	for k; do
		aisle info "$store" --format tsv | awk -F '\t' -v k="$k" '$1 == k {printf "%s ", $2}'
	done
}

pairs() {	# pairs STORE RELATION: distinct pairs and the sum of their counts
	aisle show pairs "$1" --relation "$2" --columns a,b,n --format tsv |
		awk 'NR > 1 {n += $3} END {print NR - 1, n}'
}

echo '1..20'
click="$AISLE_TEST_DATA/clickstream/e-shop clothing 2008.csv"
aisle import -q clickstream "$click" --into click.aisle
is 'clickstream imports' 0 $?
is 'clickstream totals' '165474 217 24026 4 ' \
	"$(key click.aisle counts.events counts.products counts.sessions counts.categories)"
is 'clickstream adjacent views' '20294 133863' "$(pairs click.aisle adjacent-view)"
is 'clickstream A1 to A2' 661 "$(aisle show pairs click.aisle --relation adjacent-view \
	--product A1 --columns b,n --format tsv | awk '$1 == "A2" {print $2}')"

# the order in the session is column 4, the session 6, the product 8
tr -d '\r' <"$click" | awk -F ';' 'NR > 1 {print $6 "\t" $4 "\t" $8}' |
	sort -t "$(printf '\t')" -k1,1 -k2,2n >clicks
awk -F '\t' '$1 "" == s "" && $3 != p {n[p "\t" $3]++} {s = $1; p = $3}
	END {for (k in n) print k "\t" n[k]}' clicks | sort >want
aisle show pairs click.aisle --relation adjacent-view --columns a,b,n --format tsv |
	tail -n +2 | sort >got
is 'clickstream adjacent views, every pair' '' "$(diff want got | head -3)"
cut -f 1,3 clicks | sort -u | awk -F '\t' '
	$1 "" != s "" {k = 0; s = $1}
	{for (i = 0; i < k; i++) n[p[i] "\t" $2]++; p[k++] = $2}
	END {for (i in n) print i "\t" n[i]}' | sort >want
aisle show pairs click.aisle --relation co-view --columns a,b,n --format tsv | tail -n +2 |
	awk -F '\t' '{if ($1 "" < $2 "") print; else print $2 "\t" $1 "\t" $3}' | sort >got
is 'clickstream co-views, every pair' '' "$(diff want got | head -3)"
for f in text csv tsv json jsonl; do
	aisle show pairs click.aisle --format $f >pairs.$f || echo "# $f failed"
done
is 'clickstream formats have all rows' '22769 22769' \
	"$(($(wc -l <pairs.tsv) - 1)) $(wc -l <pairs.jsonl | tr -d ' ')"

aisle import -q mkechinov "$AISLE_TEST_DATA/mkechinov/2019-Oct-head.csv" --into head.aisle \
	--rejects rejects.csv
is 'mkechinov head imports' 0 $?
is 'mkechinov head totals' '17055 165 214 5066 4504 6493 ' "$(key head.aisle counts.view \
	counts.cart counts.purchase counts.sessions counts.users counts.products)"
is 'mkechinov head co-purchases' '12 12' "$(pairs head.aisle co-purchase)"
is 'mkechinov head rejects its cut line' '17436 cut' \
	"$(awk -F , 'NR == 2 {print $2, $3}' rejects.csv)"
aisle import mkechinov "$AISLE_TEST_DATA/mkechinov/2019-Oct-damaged-ids.csv" \
	--into damaged.aisle >out 2>errors
is 'damaged ids are refused' 1 $?
is 'damaged ids: nothing on stdout' 0 "$(wc -c <out | tr -d ' ')"
is 'damaged ids: line and reason' 1 "$(grep -c 'csv:2: .*exponent form' errors)"
test ! -e damaged.aisle
is 'damaged ids leave no store' 0 $?

aisle import -q mkechinov-orders "$AISLE_TEST_DATA/mkechinov-jewelry/jewelry.csv" \
	--into jewelry.aisle
is 'jewelry imports' 0 $?
is 'jewelry totals' '90559 5352 70933 8272 ' "$(key jewelry.aisle counts.events \
	counts.rejected counts.sessions counts.products)"
is 'jewelry co-purchases' '22063 27152' "$(pairs jewelry.aisle co-purchase)"
awk -F , 'NF == 13 && $1 != "" {print $2 "\t" $3}' \
	"$AISLE_TEST_DATA/mkechinov-jewelry/jewelry.csv" | sort -u | awk -F '\t' '
	$1 "" != s "" {k = 0; s = $1}
	{for (i = 0; i < k; i++) n[p[i] "\t" $2]++; p[k++] = $2}
	END {for (i in n) print i "\t" n[i]}' | sort >want
aisle show pairs jewelry.aisle --columns a,b,n --format tsv | tail -n +2 |
	awk -F '\t' '{if ($1 "" < $2 "") print; else print $2 "\t" $1 "\t" $3}' | sort >got
is 'jewelry co-purchases, every pair' '' "$(diff want got | head -3)"
for s in click head jewelry; do
	aisle verify $s.aisle || echo "$s is damaged"
done >verified
is 'all of them verify' 3 "$(grep -c 'is whole' verified)"
