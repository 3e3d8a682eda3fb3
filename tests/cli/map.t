cp -R "$SHOP" own.aisle
SHOP=own.aisle
awk -F , 'NR > 1 {v[n++] = $1 " " $1 % 7 + 1 " " $1 % 5 " " $1 % 3 + 1}
	END {print n, 3; for (i = 0; i < n; i++) print v[i]}' "$DATA/shop/products.csv" >v.txt
aisle import vectors made v.txt --into "$SHOP" -q
aisle train clusters "$SHOP" --clusters 3 --distance l2 --threads 1 -q
aisle show clusters "$SHOP" --format chart
aisle show clusters "$SHOP" --format words --sort products
aisle show map "$SHOP" --format chart
aisle train map "$SHOP" --method pca --model made --threads 1 -q
aisle show map "$SHOP" --format chart --product 9333335
aisle show map "$SHOP" --format words --product 9333335
aisle show map "$SHOP" --format words --colour clusters-made
aisle show map "$SHOP" --format chart --colour density | head -6
aisle show map "$SHOP" --format words --level 1 --where "category='kitchen'"
aisle show map "$SHOP" --format words --where "price<0"
aisle show map "$SHOP" --level 7
aisle show map "$SHOP" --colour pink
aisle train map "$SHOP" --method pca --model made --axes 3 --as deep --threads 1 -q
aisle show map "$SHOP" --model deep --format words | head -1
aisle show map "$SHOP" --format chart
