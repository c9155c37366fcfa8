# The screen says it lives but not that it shows what it should: told again, then cleared. A heartbeat is not health.
offer yoghurt zone=dairy shown=60
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 6
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 60000 ms (revision 1)
|    2s painted
screen forgets
mai at dairy for 24
|   10s SHOW yoghurt for 52000 ms (revision 1)
|   20s commit exposed yoghurt painted 18000 ms, seen by []
|   20s CLEAR (revision 2)
|   20s cleared
|   21s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
