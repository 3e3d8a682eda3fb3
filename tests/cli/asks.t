# an option that a view or an export doesn't take is refused, never swallowed
aisle show transitions "$SHOP" --model item2vec
aisle show similar "$SHOP" --product 5209878 --relation co-cart
aisle show products "$SHOP" --user U --cluster 3 --metric l2
aisle export users "$SHOP" -o x.csv --category kitchen
aisle export products "$SHOP" -o x.csv --level 2
ls x.csv 2>/dev/null
# what was set before says nothing to views that don't take it
printf '%s\n' 'set relation co-cart' 'set level 0' 'set model nosuch' 'set where price<9' \
	'show models' 'show categories --limit 1 --columns name' 'show transitions --model x' |
	aisle shell "$SHOP"
# every view and export times every option: what isn't refused is what help says of it
asked='product=X with=X category=X relation=co-view same-category=only model=X user=X session=X
	cluster=1 colour=X level=0 baskets=multi tail=0 diversify=0
	per-category=1 limit=1 offset=1 columns=X to=X text=X metric=dot
	verdicts=none rules=off scope=shop codes=all history=X repeat=keep among=X
	panel=similar as=X'
check() {	# check COMMAND NAME [OPTION...]
	command=$1 name=$2
	shift 2
	for ask in $asked show-users; do echo "$command $name $* --$ask"; done >lines
	"$EACH" "$SHOP" <lines | sed "s/^/x /" >refusals
	taken=$(for ask in $asked show-users; do echo "${ask%%=*}"; done | paste -d ' ' - refusals |
		grep -v '^\([^ ]*\) x .* \(takes\|has\) no \(option \)\?--\1[;:]' | sed 's/ .*//')
	echo "$command $name:" $taken
}
says() {	# says NAME: the same from its help
	aisle help "$1" | tr -d '\n' | sed 's/.*Takes \([^:]*\):.*/\1/' | tr ', ' '\n\n' |
		sed -n 's/^--//p' | grep -vx 'sort\|where\|having\|format' | sort
}
for view in $(aisle help bash | sed -n "s/^	show:0) words=' *\(.*\)' ;;/\1/p"); do
	check show $view | tee line
	sed 's/.*: *//' line | tr ' ' '\n' | sort >taken
	says $view | diff taken - | sed 's/^/# help differs: /'
done
for what in $(aisle help bash | sed -n "s/^	export:0) words=' *\(.*\)' ;;/\1/p"); do
	check export $what -o -
done
