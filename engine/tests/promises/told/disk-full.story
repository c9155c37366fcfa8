# The disk runs full: nobody is enrolled and nothing new is shown, what is taken back is taken back.
offer yoghurt zone=dairy shown=5
screen hello
enrol mai offers,measurement version=5
|    0s keep the profile of mai
|    0s commit enrolled mai v5 for 2 purposes
|    0s answer Done
mai at dairy for 4
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 5000 ms (revision 1)
|    2s painted
disk full
mai at dairy for 8
|    7s commit exposed yoghurt painted 5000 ms, seen by [mai 4920 ms]
enrol kim offers
|   12s answer NoRoom
enrol mai offers,measurement version=5
|   12s answer Stale
enrol mai measurement version=6
|   12s commit withdrawn mai from 1 purposes
|   12s answer NoRoom
withdraw mai
|   12s visit 1 ends
|   12s commit withdrawn mai from 4 purposes
|   12s answer Done
disk has room
enrol mai offers version=6
|   12s keep the profile of mai
|   12s commit enrolled mai v6 for 1 purposes
|   12s answer Done
enrol kim offers
|   12s keep the profile of kim
|   12s commit enrolled kim v1 for 1 purposes
|   12s answer Done
mai at dairy for 4
|   13s visit 2 begins
|   13s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|   14s visit 2 is in dairy
