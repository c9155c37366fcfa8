# The higher priority goes first, the next follows before the glass falls back to the house loop.
offer cheese zone=dairy shown=8 priority=20
offer yoghurt zone=dairy shown=8 priority=60
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 24
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (44: value 60, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 8000 ms (revision 1)
|    2s painted
|    9s decided: “cheese” scored highest (20: value 20, reach 1.00); 1 opted-in in view
|    9s commit reserved cheese for mai
|    9s SHOW cheese for 8000 ms (revision 2)
|    9s commit exposed yoghurt painted 7000 ms, seen by []
|    9s painted
|   16s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|   17s commit exposed cheese painted 8000 ms, seen by []
