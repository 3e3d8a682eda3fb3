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
aisle show complementary "$SHOP" --product "$best" --sort n --limit 3
aisle show complementary "$SHOP" --product "$best" --sort q
aisle show similar "$SHOP" --product "$best" --category pantry --limit 3
aisle show complementary "$SHOP" --product "$best" --category pantry --limit 3
