aisle show overview "$SHOP"
aisle show overview "$SHOP" --format tsv | grep -E '^(hours|funnel|quality)'
