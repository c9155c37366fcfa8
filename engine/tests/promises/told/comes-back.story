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
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 5000 ms (revision 1)
|    2s painted
|    6s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|    7s commit exposed yoghurt painted 5000 ms, seen by []
silence for 120
|   40s visit 1 ends
screen hello
mai at dairy for 10
|  131s visit 2 begins
|  132s visit 2 is in dairy
silence for 1860
|  170s visit 2 ends
screen hello
mai at dairy for 10
| 2001s visit 3 begins
| 2002s visit 3 is in dairy
| 2002s decided: “yoghurt” scored highest (5: value 10, reach 0.96, seen before ×0.55); 1 opted-in in view
| 2002s commit reserved yoghurt for mai
| 2002s SHOW yoghurt for 5000 ms (revision 2)
| 2002s painted
| 2006s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
| 2007s commit exposed yoghurt painted 5000 ms, seen by []
