# The player restarts in the middle: it is told again what holds, for the time that is left.
offer yoghurt zone=dairy shown=20
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 8
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 20000 ms (revision 1)
|    2s painted
screen hello
|    8s SHOW yoghurt for 14000 ms (revision 1)
mai at dairy for 2
