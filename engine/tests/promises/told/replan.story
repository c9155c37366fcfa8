# The running campaign leaves the plan: its picture goes at once.
offer yoghurt zone=dairy shown=60
offer tea zone=tea shown=60
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 5
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 60000 ms (revision 1)
|    2s painted
replan without yoghurt
|    5s commit exposed yoghurt painted 3000 ms, seen by []
|    5s CLEAR (revision 2)
|    5s cleared
mai at dairy for 3
|    6s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
mai at tea for 8
|   12s visit 1 is in tea
|   12s decided: “tea” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|   12s commit reserved tea for mai
|   12s SHOW tea for 60000 ms (revision 3)
|   12s painted
