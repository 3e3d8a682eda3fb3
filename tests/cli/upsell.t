# what could be sold instead, dearer or cheaper, by attributes where no text was read
page=$(aisle show list "$SHOP" --limit 1 --columns product --format tsv | tail -1)
aisle show upsell "$SHOP" --product "$page" --limit 4
aisle show upsell "$SHOP" --product "$page" --price 1x..1.5x --limit 3 --format jsonl
aisle show upsell "$SHOP" --product "$page" --price 1x..1.5x --limit 100 --format tsv --columns times |
	awk 'NR > 1 && ($1 < 0.99 || $1 > 1.51)'
aisle show upsell "$SHOP" --product "$page" --price ..3 --where "brand='ravton'" --limit 3
aisle show upsell "$SHOP" --product "$page" --price 900..
for band in 3 x.. 1x..y -1..2; do
	aisle show upsell "$SHOP" --product "$page" --price "$band"; echo "exit $?"
done
aisle show upsell "$SHOP"
