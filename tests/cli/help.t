aisle help
echo =====
aisle import --help
echo =====
aisle help show
echo =====
aisle help transitions
