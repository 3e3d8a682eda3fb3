# a script has no prompt; the first error ends it with its exit code
aisle shell "$SHOP" <<'END'
# a comment

show products --limit 2 --columns product,label --sort label
set format tsv
set limit=1
show products --columns "product"
show products --columns product --limit 2 --format csv
quit
show nothing
END
echo "exit $?"
printf 'show products -n 1 --columns label -s label\nshwo\nshow products\n' |
	aisle shell "$SHOP"
echo "exit $?"
printf 'set level high\n' | aisle shell "$SHOP"
echo "exit $?"
printf 'show product -p 1\n' | aisle shell "$SHOP"
