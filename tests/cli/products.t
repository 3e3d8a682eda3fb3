aisle show products "$SHOP" --sort purchases --limit 10
aisle show products "$SHOP" --sort label --limit 3 --format csv
aisle show products "$SHOP" --sort label:desc --limit 3 --format jsonl
aisle show products "$SHOP" --limit 2 --offset 7 --format json
aisle show products "$SHOP" --format tsv | wc -l
aisle show products "$SHOP" --format tsv --offset 1000
