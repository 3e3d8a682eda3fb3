aisle show categories "$SHOP"
aisle show categories "$SHOP" --format tsv
aisle show categories "$SHOP" --sort revenue --limit 3
