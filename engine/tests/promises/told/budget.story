# Two showings and no more, for whoever comes.
offer yoghurt zone=dairy shown=5 budget=2
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
enrol lan offers
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 1 purposes
|    0s answer Done
enrol tuan offers
|    0s keep the profile of tuan
|    0s commit enrolled tuan v1 for 1 purposes
|    0s answer Done
mai at dairy for 12
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 5000 ms (revision 1)
|    2s painted
|    6s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|    7s commit exposed yoghurt painted 5000 ms, seen by []
lan at dairy for 12
|   13s visit 2 begins
|   14s visit 2 is in dairy
|   14s decided: “yoghurt” scored highest (8: value 10, reach 0.84); 2 opted-in in view
|   14s commit reserved yoghurt for lan
|   14s SHOW yoghurt for 5000 ms (revision 2)
|   14s painted
|   18s decided: house loop: 2 opted-in in view; nearest was “yoghurt”: its budget is used up
|   19s commit exposed yoghurt painted 5000 ms, seen by []
tuan at dairy for 12
|   25s visit 3 begins
|   26s visit 3 is in dairy
