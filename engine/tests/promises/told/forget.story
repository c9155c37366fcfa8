# Forgotten: nothing remains to act on, and an old record does not bring her back.
offer yoghurt zone=dairy shown=30
screen hello
enrol mai offers version=3
|    0s keep the profile of mai
|    0s commit enrolled mai v3 for 1 purposes
|    0s answer Done
mai at dairy for 5
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 30000 ms (revision 1)
|    2s painted
forget mai
|    5s visit 1 ends
|    5s commit exposed yoghurt painted 3000 ms, seen by []
|    5s CLEAR (revision 2)
|    5s erase mai
|    5s commit forgotten mai v3
|    5s answer Done
|    5s cleared
mai at dairy for 5
|    6s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
enrol mai offers version=3
|   10s answer Forgotten
enrol mai offers version=4
|   10s keep the profile of mai
|   10s commit enrolled mai v4 for 1 purposes
|   10s answer Done
mai at dairy for 2
|   11s visit 2 begins
|   12s visit 2 is in dairy
|   12s decided: “yoghurt” scored highest (8: value 10, reach 0.83); 1 opted-in in view
|   12s commit reserved yoghurt for mai
|   12s SHOW yoghurt for 30000 ms (revision 3)
|   12s painted
forget tuan
|   12s answer Unknown
