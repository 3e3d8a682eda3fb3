cat >orders.csv <<'END'
Auftrag;Kunde;Datum;Artikel;Gruppe;Preis;Menge
A1;k1;01.10.2019 9:05;t1;Haus > Tee;12,50;2
A1;k1;01.10.2019 9:05;t2;Haus > Tee;1.003,00;1
A2;k2;02.10.2019 17:30;t1;Haus > Tee;12,50;1
A2;k2;02.10.2019 17:30;t3;Haus > Kaffee;7;1
A2;k2;02.10.2019 17:30;PORTO;;4,90;1
A3;k1;31.10.2019 23:59;t1;Haus > Tee;12,50;-1
A4;k2;31.02.2019 10:00;t1;Haus > Tee;12,50;1
END
map='separator=;,time=Datum,time-format=d.m.Y H:M,product=Artikel,session=Auftrag,user=kunde'
map="$map,category=Gruppe,category-separator=>,price=Preis,decimal=comma,quantity=Menge"
map="$map,kind=purchase,service=porto,currency=EUR"
aisle import csv orders.csv --map "$map" --into a.aisle --max-rejects 50%
aisle show products a.aisle --format tsv --columns product,purchases,price
echo "$map" | tr ',' '\n' | sed '1s/^/# the same as a file\n/' >shop.aislemap
aisle import -q csv orders.csv --map shop.aislemap --into b.aisle --max-rejects 50%
aisle show products b.aisle --format tsv --columns product,purchases,price | wc -l
# names in Latin-1
sed 's/Haus/K\xe4se/' orders.csv >latin1.csv
aisle import -q csv latin1.csv --map shop.aislemap --encoding latin1 --into c.aisle \
	--max-rejects 50%
aisle show categories c.aisle --format tsv --columns path
# what is wrong is named
aisle import csv orders.csv --into d.aisle; echo "exit $?"
aisle import mkechinov orders.csv --map "$map" --into d.aisle; echo "exit $?"
aisle import csv orders.csv --map time=Datum --into d.aisle; echo "exit $?"
aisle import csv orders.csv --map 'time=Zeit,product=Artikel' --into d.aisle; echo "exit $?"
aisle import csv orders.csv --map 'separator=;,time=Zeit,product=Artikel,kind=view' \
	--into d.aisle; echo "exit $?"
echo 'colour = red' >>shop.aislemap
aisle import csv orders.csv --map shop.aislemap --into d.aisle; echo "exit $?"
aisle import csv orders.csv --map "$map" --encoding klingon --into d.aisle; echo "exit $?"
aisle import --guess orders.csv
aisle import --guess orders.csv more.csv; echo "exit $?"
aisle import --guess /dev/null; echo "exit $?"
# a short id does not begin in the middle of a character
printf 'user,item,kat,when\nu1,p1,ééééééaa,2020-01-01 00:00:00\n' >short.csv
aisle import csv short.csv --map product=item,session=user,category-id=kat,time=when,kind=view \
	--into short.aisle -q
aisle show categories short.aisle --columns name --format tsv
# standard input, packed or not, is read and guessed like a file
aisle import -q csv - --map "$map" --into e.aisle --max-rejects 50% <orders.csv
aisle show products e.aisle --format tsv --columns product,purchases,price | wc -l
printf 'event_time,event_type,product_id,user_id\n' >log.csv
for i in 1 2 3 4 5 6 7 8; do echo "2020-01-0$i 10:00:00,view,p$i,u$((i % 3))"; done >>log.csv
gzip -c log.csv >log.csv.gz
aisle import --guess log.csv | grep -v '^# A proposal' >plain
aisle import --guess log.csv.gz | grep -v '^# A proposal' | cmp - plain && echo same
gzip -c log.csv | aisle import --guess - | grep -v '^# A proposal' | cmp - plain && echo same
echo 'a;b' | aisle import csv - --map "$map" --into f.aisle; echo "exit $?"
# attributes order tables of products: as numbers where all are some, else as texts
printf 'user,item,colour,size,when\n%s\n%s\n%s\n%s\n' 'u1,p1,red,10,2020-01-01 00:00:00' \
	'u1,p2,blue,9,2020-01-01 00:01:00' 'u2,p3,red,100,2020-01-02 00:00:00' \
	'u2,p4,,12,2020-01-02 00:01:00' >sizes.csv
aisle import -q csv sizes.csv --into sizes.aisle \
	--map product=item,session=user,time=when,kind=view,attribute.colour=colour,attribute.size=size
for sort in size size:desc colour,product colour:desc,product:desc; do
	aisle show products sizes.aisle --columns product --format tsv --sort "$sort" | tr '\n' ' '
	echo
done
aisle show products sizes.aisle --sort weight; echo "exit $?"
aisle show sessions sizes.aisle --sort size; echo "exit $?"
