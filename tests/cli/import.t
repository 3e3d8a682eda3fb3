aisle import mkechinov "$DATA/shop/events.csv" --into a.aisle
head -20 "$DATA/shop/events.csv" >events.csv
printf '2019-10-01 00:00:00 UTC,view,12,34,,,9.99\n' >>events.csv
printf 'yesterday,view,12,34,,,9.99,7,s1\n' >>events.csv
printf '2019-10-01 00:00:00 UTC,view,1.2E+05,34,,,9.99,7,s1\n' >>events.csv
aisle import mkechinov events.csv --into b.aisle --rejects rejects.csv --max-rejects 20%
cat rejects.csv
aisle import mkechinov events.csv --into b.aisle; echo "exit $?"
aisle import mkechinov events.csv --into b.aisle --strict; echo "exit $?"
aisle show products b.aisle --format tsv --columns product,views | wc -l
aisle import -q mkechinov "$DATA/shop/events.csv" --into b.aisle
aisle show products b.aisle --format tsv --columns product,views | wc -l
aisle verify b.aisle | sed 's/: [0-9]* arrays.*//'
