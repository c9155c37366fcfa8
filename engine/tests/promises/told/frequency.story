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
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (37: value 50, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 5000 ms (revision 1)
|    2s painted
|    6s decided: “cheese” scored highest (40: value 40, reach 1.00); 1 opted-in in view
|    6s commit reserved cheese for mai
|    6s SHOW cheese for 5000 ms (revision 2)
|    6s commit exposed yoghurt painted 4000 ms, seen by []
|    6s painted
|   10s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|   11s commit exposed cheese painted 5000 ms, seen by []
