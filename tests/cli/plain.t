# the explorer in lines: a script of its words, and of the shell's commands
# (lines are cut for this file only)
{
aisle "$SHOP" --plain <<'END'
next 3
similar
open 2
back
back
help
END
echo "exit $?"
aisle explore "$SHOP" --plain --mask-prices --kiosk <<'END'
# nothing of prices, and no files
show list --history own.txt
previous
END
echo "exit $?"
aisle explore "$SHOP" --plain --mask-prices --kiosk <<'END'
category kitchen.drinkware.mugs
find camp
last
set where none
set limit 2
m
w 1
help quit
similar panel
export log -o /tmp/never
END
echo "exit $?"
aisle "$SHOP" --plain <<'END'
set where views>20
here
next
show categories --limit 2
overview
quit
next
END
echo "exit $?"
aisle show similar "$SHOP" -p 9333335 --format words --limit 2
aisle show products "$SHOP" --where "price<0" --format words
} | cut -c1-95
