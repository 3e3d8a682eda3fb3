# A product that the store hasn't got, and what has to be trained first.
aisle show newcomer "$SHOP"
echo "$?"
aisle show newcomer "$SHOP" --like 'colour=red'
echo "$?"
aisle show newcomer "$SHOP" --like 'category=nowhere'
echo "$?"
aisle show newcomer "$SHOP" --like 'price=1.123456'
echo "$?"
aisle show newcomer "$SHOP" --like 'words=mug, red, price=5'
echo "$?"
aisle show learnt "$SHOP"
echo "$?"
aisle show whatif "$SHOP" -p "$(aisle show products "$SHOP" -n 1 --columns product -f tsv | tail -1)"
echo "$?"
# a brand and a category as they are shown, whatever the case; what goes on asks for a model
aisle show newcomer "$SHOP" --like 'brand=nobody'
echo "$?"
aisle show newcomer "$SHOP" --like 'brand=TORELLO, category=Kitchen.Drinkware.MUGS'
echo "$?"
