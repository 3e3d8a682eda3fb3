aisle help
echo =====
aisle import --help
echo =====
aisle help show
echo =====
aisle help transitions
echo =====
aisle help rules | grep Usage
