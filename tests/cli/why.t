best=$(aisle show products "$SHOP" --sort purchases --limit 1 --columns product --format tsv |
	tail -1)
with=$(aisle show complementary "$SHOP" --product "$best" --limit 1 --columns product \
	--format tsv | tail -1)
aisle show why "$SHOP" --product "$best" --with "$with"
aisle show why "$SHOP" --product "$best" --with "$with" --relation co-view --format tsv |
	grep -v '^sessions'
aisle show why "$SHOP" --product "$best" --with "$with" --show-users --format jsonl | tail -2
aisle show why "$SHOP" --product "$best"
aisle show why "$SHOP" --product "$best" --with "$best"
