# Sold out while on the glass: gone within a second.
offer yoghurt zone=dairy shown=60 stock-min=3
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 6
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: a sensor it depends on is silent
|    2s visit 1 is in dairy
stock 12
mai at dairy for 4
|    7s decided: “yoghurt” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|    7s commit reserved yoghurt for mai
|    7s SHOW yoghurt for 60000 ms (revision 1)
|    7s painted
stock 2
mai at dairy for 4
|   11s commit exposed yoghurt painted 4000 ms, seen by []
|   11s CLEAR (revision 2)
|   11s cleared
|   12s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: its product is not on the shelf
