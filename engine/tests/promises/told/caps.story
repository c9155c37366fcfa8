# Once a visit, twice a day, whatever happens in between.
offer yoghurt zone=dairy shown=5 cap=1/2
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 20
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 5000 ms (revision 1)
|    2s painted
|    6s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|    7s commit exposed yoghurt painted 5000 ms, seen by []
silence for 1860
|   50s visit 1 ends
screen hello
mai at dairy for 20
| 1881s visit 2 begins
| 1882s visit 2 is in dairy
| 1882s decided: “yoghurt” scored highest (5: value 10, reach 0.94, seen before ×0.55); 1 opted-in in view
| 1882s commit reserved yoghurt for mai
| 1882s SHOW yoghurt for 5000 ms (revision 2)
| 1882s painted
| 1886s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
| 1887s commit exposed yoghurt painted 5000 ms, seen by []
silence for 40
| 1930s visit 2 ends
screen hello
mai at dairy for 20
| 1941s visit 3 begins
| 1942s visit 3 is in dairy
