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
aisle show users "$SHOP" --product 5209878 --limit 4
# as many sessions in all as the product has, and its events of each kind
aisle show users "$SHOP" --product 5209878 --format tsv --columns sessions,views,carts,purchases |
	awk 'NR > 1 { s += $1; v += $2; c += $3; p += $4 } END { print NR - 1, s, v, c, p }'
aisle show sessions "$SHOP" --product 5209878 --format tsv --columns user |
	awk 'NR > 1 { n++; u[$1] } END { print length(u), n }'
aisle show products "$SHOP" --format tsv --columns product,views,carts,purchases | grep ^5209878
aisle show sessions "$SHOP" --product 5209878 --user "$user"
aisle show session "$SHOP"
aisle show session "$SHOP" --session nobody
aisle show user "$SHOP" --user u-0000000000
# who is alike, what is guessed, and of which layers
user=$(aisle show users "$SHOP" --format tsv --columns user,purchases |
	awk 'NR > 1 && $2 > 3 { print $1; exit }')
product=$(aisle show user "$SHOP" --user "$user" --format tsv --columns product | sed -n 2p)
cp -R "$SHOP" own.aisle
aisle show alike own.aisle --user "$user" --limit 3
aisle show predict own.aisle --user "$user" --product "$product" --columns model,guess,did
aisle train svd own.aisle --dim 8 -q --threads 1
aisle train neumf own.aisle --epochs 2 -q --threads 1
aisle train popular own.aisle -q
aisle show predict own.aisle --user "$user" --product "$product" --columns model,constant,did
aisle show predict own.aisle --user "$user" --product "$product" --model popular
aisle show predict own.aisle --user "$user"
aisle show alike own.aisle --user "$user" --model svd
aisle show layers own.aisle
aisle show layers own.aisle --model popular
aisle show person own.aisle --user "$user" --format words | cut -c 1-110
aisle show person own.aisle --user "$user" --format chart | head -20
aisle show person own.aisle --user "$user" --format tsv --columns section,rank,what,product | head -3
aisle show person own.aisle --format tsv
aisle show features own.aisle
aisle show features own.aisle --model svd
# the latest ranker, whatever it is called
aisle train rank own.aisle --objective logistic --as of-march -q --threads 1
aisle show person own.aisle --user "$user" --format words | tail -2
