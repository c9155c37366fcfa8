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
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 5000 ms (revision 1)
|    1s painted
|    5s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|    6s commit exposed yoghurt painted 5000 ms, seen by []
lan at dairy for 12
|   12s visit 2 begins
|   13s visit 2 is in dairy
|   13s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 2 opted-in in view
|   13s commit reserved yoghurt for lan
|   13s SHOW yoghurt for 5000 ms (revision 2)
|   13s painted
|   17s decided: house loop: 2 opted-in in view; nearest was “yoghurt”: its budget is used up
|   18s commit exposed yoghurt painted 5000 ms, seen by []
tuan at dairy for 12
|   24s visit 3 begins
|   25s visit 3 is in dairy
