# a closed pipe ends quietly with 0; a full disk is an error
(aisle show pairs "$SHOP" --relation co-view; echo "exit $?" >&2) | head -1 >/dev/null
(aisle help man; echo "exit $?" >&2) | true
aisle show pairs "$SHOP" --relation co-view >/dev/full
echo "exit $?"
aisle --version >/dev/full
