# ranked lists: for a page, a cart, a person, a history, a list that is brought along
try() {
	aisle "$@"; echo "exit $?"
}
user=$(aisle show users "$SHOP" --format tsv --columns user,purchases |
	awk 'NR > 1 && $2 > 3 { print $1; exit }')
aisle show list "$SHOP" --limit 3
aisle show list "$SHOP" --user "$user" --limit 6
aisle show list "$SHOP" --user "$user" --limit 6 --repeat drop --columns source,product
aisle show list "$SHOP" --user "$user" --repeat drop --limit 500 --columns source --format tsv |
	grep -c repeat
aisle show list "$SHOP" --user "$user" --repeat 36500 --limit 500 --columns source --format tsv |
	grep -c repeat
page=$(aisle show list "$SHOP" --limit 1 --columns product --format tsv | tail -1)
aisle show list "$SHOP" --product "$page" --limit 3 --format jsonl
aisle show list "$SHOP" --product "$page" --user "$user" --limit 3 --columns product,source,n
# what is typed is what is read of the store
aisle show user "$SHOP" --user "$user" --format tsv --columns product,event,time |
	awk -F '\t' 'NR > 1 && $2 != "remove" { print $3 "\t" $2 "\t" $1 }' >own 2>/dev/null
aisle show user "$SHOP" --user "$user" --format tsv --columns product,event,time | head -1
aisle show list "$SHOP" --user "$user" --limit 500 --format tsv --columns product,score >by-user
aisle show list "$SHOP" --history own --limit 500 --format tsv --columns product,score |
	cmp - by-user && echo same
aisle show list "$SHOP" --history - --limit 500 --format tsv --columns product,score <own |
	cmp - by-user && echo same
sed -n '2p;9p;40p' by-user | cut -f 1 | tac >among
echo nothing >>among
aisle show list "$SHOP" --user "$user" --among among
try show list "$SHOP" --history nowhere
echo nothing | aisle show list "$SHOP" --history -
printf '%s\tsold\n' "$page" | aisle show list "$SHOP" --history -
try show list "$SHOP" --repeat sometimes
try show list "$SHOP" --text "a warm thing"
try near "$SHOP" --text "a warm thing"
try show list "$SHOP" --model rank
# all of them in one file
try export lists "$SHOP" -o all.csv -q
aisle export lists "$SHOP" --threads 1 -o one.csv -q && cmp one.csv all.csv && echo same
head -3 all.csv
cut -d, -f 1 all.csv | sed 1d | uniq -c | awk '{ n[$1]++ } END { for (i in n) print i }'
aisle export lists "$SHOP" --of products --top 2 -f jsonl -o - | head -2
try export lists "$SHOP" --top 0 -o -
try export pairs "$SHOP" --of users -o -
try export lists "$SHOP" --repeat never -o -
# decisions and rules hold for lists for people too: what is left is the list before without them
cp -r "$SHOP" ruled.aisle
ids() {
	aisle show list ruled.aisle --limit 500 --columns product --format tsv "$@" | sed 1d
}
ids --user "$user" >before
ids --product "$page" >page
brand=$(aisle show products ruled.aisle --columns product,brand --format tsv |
	grep "^$(sed -n 2p before)	" | cut -f 2)
aisle show products ruled.aisle --where "brand='$brand'" --limit 500 --columns product --format tsv |
	sed 1d >blocked
gone=$(grep -v -x -f blocked page | sed -n 3p)
aisle verdict reject ruled.aisle --product "$page" --with "$gone" --panel similar --as ana -q
printf "block brand='%s'\n" "$brand" | aisle rules set ruled.aisle - -q
ids --user "$user" >after
grep -c -x -f blocked before
grep -v -x -f blocked before | cmp - after && echo same
ids --product "$page" >after
grep -v -x -f blocked page | grep -v -x "$gone" | cmp - after && echo same
ids --product "$page" --verdicts none --rules off | cmp - page && echo same
ids --user "$user" | grep -c -x "$gone"	# rejected for that page alone
aisle show list ruled.aisle --product "$page" --verdicts marked --limit 4 --columns rank,product,flags
aisle export lists ruled.aisle -o - -q | cut -d, -f 3 | sort -u | grep -c -x -f blocked
# rules of a panel don't, those of lists do so alone; what asks for the product needs a page
last=$(sed -n '$p' before)
printf "block brand='%s' on similar\npin %s at 2 on list\nblock suggestion.brand = product.brand\n" \
	"$brand" "$last" | aisle rules set ruled.aisle - -q
ids --user "$user" | sed 2d >after
grep -v -x "$last" before | cmp - after && echo same
ids --user "$user" | sed -n 2p | grep -c -x "$last"
aisle show products ruled.aisle --columns product,brand --format tsv | grep "^$page	" |
	cut -f 2 >brand
aisle show products ruled.aisle --where "brand='$(cat brand)'" --limit 500 --columns product \
	--format tsv | sed 1d >own-brand
ids --product "$page" | grep -c -x -f own-brand
grep -c -x -f own-brand page
# one of each product code, at most one of a category
wc -l <before
ids --user "$user" --codes one | wc -l
aisle show list ruled.aisle --user "$user" --rules off --per-category 1 --limit 500 --columns category \
	--format tsv | sed 1d | sort | uniq -d | wc -l
