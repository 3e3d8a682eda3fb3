aisle show pairs "$SHOP" --relation co-view --sort n --limit 5
aisle show pairs "$SHOP" --relation adjacent-view --sort lift --limit 3 --format tsv
aisle show pairs "$SHOP" --relation view-purchase --limit 2 --format jsonl
first=$(aisle show pairs "$SHOP" --sort n --limit 1 --columns a --format tsv | tail -1)
aisle show pairs "$SHOP" --product "$first" --columns a,b,n,label_b
for r in co-view adjacent-view view-purchase co-cart co-purchase; do
	aisle show pairs "$SHOP" --relation $r --format tsv --columns n |
		awk -v r=$r 'NR > 1 {n += $1} END {print r, NR - 1, n}'
done
# what sells without good complements
aisle show gaps "$SHOP" --limit 4
aisle show gaps "$SHOP" --category kitchen --sort traffic --limit 2 --format tsv --columns product,traffic,complements
