# Old versions change nothing; a newer one that agrees to less takes effect at once.
offer yoghurt zone=dairy shown=30
screen hello
enrol mai offers,measurement version=5
|    0s keep the profile of mai
|    0s commit enrolled mai v5 for 2 purposes
|    0s answer Done
enrol mai offers version=5
|    0s answer Stale
enrol mai offers version=4
|    0s answer Stale
mai at dairy for 5
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 30000 ms (revision 1)
|    2s painted
disk stops
enrol mai nothing version=6
|    5s visit 1 ends
|    5s commit exposed yoghurt painted 3000 ms, seen by []
|    5s CLEAR (revision 2)
|    5s keep the profile of mai
|    5s commit enrolled mai v6 for 0 purposes
|    5s cleared
mai at dairy for 3
|    6s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
