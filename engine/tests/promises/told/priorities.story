# The higher priority goes first, the next follows before the glass falls back to the house loop.
offer cheese zone=dairy shown=8 priority=20
offer yoghurt zone=dairy shown=8 priority=60
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 24
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (53: value 60, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 8000 ms (revision 1)
|    1s painted
|    8s decided: “cheese” scored highest (20: value 20, reach 0.98); 1 opted-in in view
|    8s commit reserved cheese for mai
|    8s SHOW cheese for 8000 ms (revision 2)
|    8s commit exposed yoghurt painted 7000 ms, seen by []
|    8s painted
|   15s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|   16s commit exposed cheese painted 8000 ms, seen by []
