# Two minutes of silence are no new visit to be shown the same again; half an hour is.
offer yoghurt zone=dairy shown=5 cap=1/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 10
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 5000 ms (revision 1)
|    1s painted
|    5s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|    6s commit exposed yoghurt painted 5000 ms, seen by []
silence for 120
|   40s visit 1 ends
screen hello
mai at dairy for 10
|  130s visit 2 begins
|  131s visit 2 is in dairy
silence for 1860
|  170s visit 2 ends
screen hello
mai at dairy for 10
| 2000s visit 3 begins
| 2001s visit 3 is in dairy
| 2001s decided: “yoghurt” scored highest (5: value 10, reach 0.88, seen before ×0.55); 1 opted-in in view
| 2001s commit reserved yoghurt for mai
| 2001s SHOW yoghurt for 5000 ms (revision 2)
| 2001s painted
| 2005s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
| 2006s commit exposed yoghurt painted 5000 ms, seen by []
