# The frequency agreed to binds over all offers together.
offer yoghurt zone=dairy shown=5 priority=50
offer cheese zone=dairy shown=5 priority=40
offer butter zone=dairy shown=5 priority=30
screen hello
enrol mai offers daily=2
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 30
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (44: value 50, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 5000 ms (revision 1)
|    1s painted
|    5s decided: “cheese” scored highest (39: value 40, reach 0.98); 1 opted-in in view
|    5s commit reserved cheese for mai
|    5s SHOW cheese for 5000 ms (revision 2)
|    5s commit exposed yoghurt painted 4000 ms, seen by []
|    5s painted
|    9s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|   10s commit exposed cheese painted 5000 ms, seen by []
