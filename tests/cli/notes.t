cp -r "$SHOP" shop.aisle
aisle show notes shop.aisle
aisle note complementary shop.aisle "why is it so high" --product 5209878 --limit 3 --as ana
aisle note products shop.aisle "cheap ones" --where 'price<5' --limit 2 --as bob
aisle note overview shop.aisle "before the sale" --as ana -q
aisle show notes shop.aisle --columns note,who,import,text,since,command
aisle export notes shop.aisle -o - --format tsv | cut -f 1,3- | head -12
aisle verify shop.aisle | tail -1
# the same shop from half of its log: what was noted has moved
head -150 "$DATA/shop/events.csv" >half.csv
aisle import mkechinov half.csv --products "$DATA/shop/products.csv" --into shop.aisle -q
aisle show notes shop.aisle --columns note,import,text,since
aisle show notes shop.aisle --columns note,who,import,text,command --format json | head -2
# what can't be kept
aisle note similar shop.aisle "no product" --as ana
aisle note nothing shop.aisle "no view"
aisle note products shop.aisle ""
aisle note products shop.aisle "$(head -c 1001 /dev/zero | tr '\0' a)"
aisle note products shop.aisle a --model x
# more rows than the view lists by itself, as a large screen shows them
cp -r "$SHOP" big.aisle
aisle note complementary big.aisle "a large screen" --product 1000001 --limit 30
aisle show notes big.aisle --columns text,since
# in the shell, of the store that is open
printf 'note products "from a script" --limit 1 --as eve\nshow notes --columns note,who,text,since --limit 1\n' |
	aisle shell shop.aisle
# a record that was changed is told, and named
printf x | dd of=shop.aisle/notes.mdb bs=1 seek=0 conv=notrunc 2>/dev/null
truncate -s 100 shop.aisle/notes.mdb
aisle show notes shop.aisle
aisle verify shop.aisle 2>&1 | tail -1
