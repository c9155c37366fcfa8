# Without a date nothing that depends on it is shown, and what is on goes.
offer yoghurt zone=dairy shown=60
screen hello
enrol mai offers until=3600
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
clock lost
mai at dairy for 4
|    7s commit exposed yoghurt painted 5000 ms, seen by []
|    7s CLEAR (revision 2)
|    7s cleared
|    8s decided: house loop: about 1 unknown people in view; nearest was “yoghurt”: the date is not known
clock found
mai at dairy for 6
