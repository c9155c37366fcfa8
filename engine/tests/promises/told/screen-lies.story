# The screen says it lives but not that it shows what it should: told again, then cleared. A heartbeat is not health.
offer yoghurt zone=dairy shown=60
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 6
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 60000 ms (revision 1)
|    1s painted
screen forgets
mai at dairy for 24
|   10s SHOW yoghurt for 51000 ms (revision 1)
|   20s commit exposed yoghurt painted 19000 ms, seen by []
|   20s CLEAR (revision 2)
|   20s cleared
|   21s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
