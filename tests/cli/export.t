# what each export writes; tests/data/export_oracle.py reads them back
for w in pairs products transitions sessions users edges; do
	echo "== $w"
	aisle export $w "$SHOP" -o - | head -2
	aisle export $w "$SHOP" -o - --format jsonl | tail -1
done
aisle export sessions "$SHOP" -o shop.inter
aisle export products "$SHOP" -o shop.item
aisle export edges "$SHOP" --relation adjacent-view -o shop.mtx
aisle export edges "$SHOP" --relation co-view -o shop.edg
aisle export products "$SHOP" --format gorse -o items.csv
aisle export users "$SHOP" --format gorse -o users.csv
aisle export sessions "$SHOP" --format gorse -o feedback.csv
aisle export sessions "$SHOP" --format log -o log.csv
aisle export sessions "$SHOP" --show-users --format csv -o ids.csv
head -4 shop.* *.csv
ls
where='date<2024-10-20 and price<20'
for w in pairs products transitions sessions edges; do
	echo "== $w"
	aisle export $w "$SHOP" -o - --where "$where" --category kitchen | head -3 |
		cut -d, -f1-8
done
aisle export sessions "$SHOP" -o x.csv --where 'price<9 and lift>2 and n>2'
aisle export users "$SHOP" -o x.csv --where 'price<9'
aisle export users "$SHOP" -o x.csv --category kitchen
aisle export products "$SHOP" -o x.csv --where 'price<9 and brand=Nobody'
aisle export pairs "$SHOP" -o x.csv --where 'date<2001'
aisle export pear "$SHOP" -o x.csv
aisle export pairs "$SHOP"
aisle export pairs "$SHOP" -o pairs
aisle export pairs "$SHOP" -o x.mtx
aisle export edges "$SHOP" --format mtx -o -
aisle export edges "$SHOP" --spreadsheet -o x.mtx
aisle export edges "$SHOP" -o none/x.edg
ls
printf 'export edges -o - --relation co-cart\nexport users -o u.tsv\n' | aisle shell "$SHOP" | head -2
head -2 u.tsv
