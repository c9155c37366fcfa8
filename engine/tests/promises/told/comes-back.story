# Two minutes of silence are no new visit to be shown the same again; half an hour is.
offer yoghurt zone=dairy shown=5 cap=1/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 10
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    3s visit 1 is in dairy
|    3s decided: “yoghurt” scored highest (8); 1 opted-in in view
|    3s commit reserved yoghurt for mai
|    3s SHOW yoghurt for 5000 ms (revision 1)
|    3s painted
|    7s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|    8s commit exposed yoghurt painted 5000 ms, seen by []
silence for 120
|   40s visit 1 ends
screen hello
mai at dairy for 10
|  131s visit 2 begins
|  133s visit 2 is in dairy
silence for 1860
|  170s visit 2 ends
screen hello
mai at dairy for 10
| 2001s visit 3 begins
| 2003s visit 3 is in dairy
| 2003s decided: “yoghurt” scored highest (4); 1 opted-in in view
| 2003s commit reserved yoghurt for mai
| 2003s SHOW yoghurt for 5000 ms (revision 2)
| 2003s painted
| 2007s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
| 2008s commit exposed yoghurt painted 5000 ms, seen by []
