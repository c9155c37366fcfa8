# A shopper who opted in stays before the dairy shelf long enough.
offer yoghurt zone=dairy dwell=5
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai at door for 4
|    1s visit 1 begins
|    1s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in door
mai at dairy for 22
|    8s visit 1 is in dairy
|   13s decided: “yoghurt” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|   13s commit reserved yoghurt for mai
|   13s SHOW yoghurt for 10000 ms (revision 1)
|   13s painted
|   22s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|   23s commit exposed yoghurt painted 10000 ms, seen by [mai 9982 ms]
silence for 35
|   56s visit 1 ends
