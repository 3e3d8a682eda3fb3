#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What --guess proposes for real logs, imported without naming a data set: the totals
# are those of the named data sets, or were counted independently.
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

totals() {	# totals STORE NAME...
	store=$1
	shift
	for k; do
		aisle info "$store" --format tsv |
			awk -F '\t' -v k="counts.$k" '$1 == k {printf "%s ", $2}'
	done
}

guess() {	# guess NAME FILE: NAME.aisle by the proposed mapping
	aisle import --guess "$AISLE_TEST_DATA/$2" >"$1.aislemap" || return
	aisle import -q csv "$AISLE_TEST_DATA/$2" --map "$1.aislemap" --into "$1.aisle"
}

both() {	# both NAME DATASET FILE WHAT...: as the named data set has it
	name=$1 set=$2 file=$3
	shift 3
	guess "$name" "$file"
	is "$name: imports by its proposal" 0 $?
	aisle import -q "$set" "$AISLE_TEST_DATA/$file" --into named.aisle
	is "$name: as $set" "$(totals named.aisle "$@")" "$(totals "$name.aisle" "$@")"
	aisle show products named.aisle --columns product,views,carts,purchases --format tsv |
		sort >want
	aisle show products "$name.aisle" --columns product,views,carts,purchases \
		--format tsv | sort >got
	is "$name: every product as $set has it" '' "$(diff want got | head -3)"
	rm -rf named.aisle
}

all='events view cart purchase rejected products sessions users categories'
echo '1..18'
both click clickstream 'clickstream/e-shop clothing 2008.csv' $all
# the order in a session counts too
both head mkechinov mkechinov/2019-Oct-head.csv $all brands
both jewelry mkechinov-orders mkechinov-jewelry/jewelry.csv $all

guess retailrocket retailrocket/events.csv
is 'retailrocket: imports by its proposal' 0 $?
is 'retailrocket: totals' '2960 1092 4732 377 60 0 ' \
	"$(totals retailrocket.aisle products users view cart purchase rejected)"
guess hm hm/transactions_train_lastweek.csv
is 'H&M: imports by its proposal' 0 $?
is 'H&M: totals' '240311 17986 68984 77143 0 ' \
	"$(totals hm.aisle events products users sessions rejected)"

guess damaged mkechinov/2019-Oct-damaged-ids.csv
is 'damaged ids: imports without them' '5000 0 ' "$(totals damaged.aisle events rejected)"
is 'damaged ids: warned' 1 "$(grep -c 'WARNING: category_id .*exponent' damaged.aislemap)"
is 'damaged ids: left out' 0 "$(grep -c '^[^#]*category_id' damaged.aislemap)"
aisle import --guess "$AISLE_TEST_DATA/hm/articles.csv" >out 2>errors
is 'a catalogue is no log' '1 0 1' \
	"$? $(wc -c <out | tr -d ' ') $(grep -c 'looks like a catalogue' errors)"
for f in click head jewelry retailrocket hm; do
	aisle import --guess "$f.aislemap" >/dev/null 2>&1 && echo "$f.aislemap is no log"
done >out
is 'a mapping is no log' '' "$(cat out)"
