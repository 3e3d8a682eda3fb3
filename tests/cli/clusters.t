cp -R "$SHOP" own.aisle
SHOP=own.aisle
aisle show clusters "$SHOP"
aisle show map "$SHOP" --format tsv
aisle train clusters "$SHOP"
aisle train itemknn "$SHOP" -q
aisle train clusters "$SHOP" --model itemknn
aisle train covis "$SHOP" --model itemknn
awk -F , 'NR > 1 {v[n++] = $1 " " $1 % 7 + 1 " " $1 % 5 " " $1 % 3 + 1}
	END {print n, 3; for (i = 0; i < n; i++) print v[i]}' "$DATA/shop/products.csv" >v.txt
aisle import vectors made v.txt --into "$SHOP" -q
aisle train clusters "$SHOP" --clusters 3 --distance l2 --threads 1 | grep -v took
aisle show clusters "$SHOP" --format tsv --columns cluster,products,share,category,words
aisle show clusters "$SHOP" --sort products --format tsv --columns cluster,products
aisle show cluster "$SHOP" --cluster 2 --limit 3
aisle show cluster "$SHOP" --product 5209878 --limit 1 --format tsv --columns rank,distance
aisle show cluster "$SHOP" --product 5209878 --sort to_product --limit 3 --format tsv \
	--columns rank,product,to_product
aisle show cluster "$SHOP" --cluster 2 --sort to_product
aisle show cluster "$SHOP" --cluster 4
aisle show cluster "$SHOP"
aisle train map "$SHOP" --method pca --threads 1 | grep -v took
aisle show map "$SHOP" --limit 3
aisle show similar "$SHOP" --product 5209878 --model map-made
aisle show similar "$SHOP" --product 5209878 --model clusters-made --limit 2
aisle train clusters "$SHOP" --model made --as drawn --clusters 3 --distance l2 --members random -q
aisle show similar "$SHOP" --product 5209878 --model drawn --limit 3 --format tsv \
	--columns rank,product
aisle train clusters "$SHOP" --clusters 1000
aisle show models "$SHOP" --format tsv --columns name,model,parameters
