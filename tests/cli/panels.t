best=$(aisle show products "$SHOP" --sort purchases --limit 1 --columns product --format tsv |
	tail -1)
for view in product similar complementary; do
	aisle show $view "$SHOP" --product "$best" --limit 5
done
aisle show complementary "$SHOP" --product "$best" --limit 2 --format tsv
aisle show complementary "$SHOP" --product "$best" --limit 2 --same-category only
aisle show similar "$SHOP" --product "$best" --limit 2 --offset 1 --format json
aisle show transitions "$SHOP" --sort n --limit 5
aisle show transitions "$SHOP" --level 0 --baskets multi --limit 2 --format tsv
# any column that is marked sorts, over all that could stand there
for sort in rank score n confidence lift rank:desc n:asc; do
	aisle show similar "$SHOP" --product "$best" --sort $sort --limit 3 --format tsv \
		--columns rank,product,score,n,confidence,lift
done
# and what the suggested products are, with a second column: as join and sort have it
aisle show similar "$SHOP" --product "$best" --limit 500 --columns product --format tsv | sed 1d |
	sort >rows
aisle show products "$SHOP" --limit 500 --columns product,brand,price,label --format tsv | sed 1d |
	sort | join -t "	" rows - | awk -F '\t' '$3 != "" && $4 != ""' >known
cut -f 1 known >whole
for sort in brand,price brand:desc,price:asc price,label label; do
	case $sort in
	brand,price) sort -t "	" -k 3,3 -k 4,4nr known;;
	brand:desc,price:asc) sort -t "	" -k 3,3r -k 4,4n known;;
	price,label) sort -t "	" -k 4,4nr -k 2,2 known;;
	label) sort -t "	" -k 2,2 known;;
	esac | cut -f 1 | head -12 >want
	aisle show similar "$SHOP" --product "$best" --sort $sort --limit 500 --columns product \
		--format tsv | sed 1d | grep -x -f whole | head -12 | cmp - want && echo "$sort: same"
done
aisle show similar "$SHOP" --product "$best" --sort price,brand,label
aisle show basket "$SHOP" --product "$best" --sort category,label --limit 3 \
	--columns rank,category,label
aisle show list "$SHOP" --product "$best" --sort price --limit 3 --columns rank,price,label
aisle show complementary "$SHOP" --product "$best" --sort n --limit 3
aisle show complementary "$SHOP" --product "$best" --sort q
aisle show similar "$SHOP" --product "$best" --category pantry --limit 3
aisle show complementary "$SHOP" --product "$best" --category pantry --limit 3
