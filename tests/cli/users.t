aisle show users "$SHOP" --limit 3
aisle show users "$SHOP" --limit 2 --show-users --format tsv
user=$(aisle show users "$SHOP" --limit 1 --columns user --format tsv | tail -1)
aisle show user "$SHOP" --user "$user" --limit 6
aisle show sessions "$SHOP" --user "$user"
session=$(aisle show sessions "$SHOP" --user "$user" --limit 1 --columns session --format tsv |
	tail -1)
aisle show session "$SHOP" --session "$session"
aisle show session "$SHOP" --session "$session" --show-users --format jsonl | head -2
aisle show sessions "$SHOP" --product 5209878 --limit 3
aisle show sessions "$SHOP" --product 5209878 --user "$user"
aisle show session "$SHOP"
aisle show session "$SHOP" --session nobody
aisle show user "$SHOP" --user u-0000000000
