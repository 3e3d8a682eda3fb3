# A log without times: its order is all that is known.
printf 'order,sku\n7,a\n7,b\n3,b\n3,c\n' >notime.csv
aisle import csv notime.csv --map session=order,product=sku,kind=purchase --into n.aisle
aisle show sessions n.aisle --format csv | cut -d, -f2-
aisle show products n.aisle --where date=2024-01-01; echo "exit $?"
aisle show products n.aisle --where 'first>2024-01-01'; echo "exit $?"
aisle info n.aisle | grep -c 1970
aisle info n.aisle | grep days_in
aisle export sessions n.aisle --show-users --format jsonl -o - | head -n 1
aisle import csv notime.csv --map session=order+@day,product=sku,kind=view --into x.aisle
aisle import csv notime.csv --map session=order,product=sku,kind=view,gap=5 --into x.aisle
# days of a spreadsheet, of the shop's clock; days of no calendar
printf 'order,sku,at,n\n7,a,45294.67569,0\n7,b,45294.67569,1\n,,,\n' >serial.csv
map=session=order,product=sku,kind=purchase,time=at,quantity=n,time-format=excel
aisle import csv serial.csv --map $map --time-zone Europe/Berlin --check
aisle import csv serial.csv --map session=order,product=sku,kind=purchase,time=n,time-format=day \
	--check
# UTF-8 but for a line; ids with a blank that doesn't break
printf 'who,sku,name\n1,a,Th\303\251\n1,b,Caf\351 \226\n2,a\302\240,\n2,\302\240c,\n' >mixed.csv
aisle import csv mixed.csv --map user=who,product=sku,name=name,kind=view --into m.aisle
aisle show products m.aisle --format tsv --columns product,label
# ratings alone
printf 'u,i,r\n1,a,5\n1,b,3\n' >ratings.csv
aisle import csv ratings.csv --map user=u,product=i,rating=r,kind=rating --check
ls
