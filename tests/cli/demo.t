# without a terminal: how to open it, and one product's panels
aisle demo --quiet d >out
sed -n '1,4p' out
grep -c . out | awk '{print ($1 > 20) ? "long" : "short"}'
aisle demo d | cmp - out && echo "used again"
ls d d/shop
