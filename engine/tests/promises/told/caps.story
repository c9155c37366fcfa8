# Once a visit, twice a day, whatever happens in between.
offer yoghurt zone=dairy shown=5 cap=1/2
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 20
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 5000 ms (revision 1)
|    1s painted
|    5s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|    6s commit exposed yoghurt painted 5000 ms, seen by []
silence for 1860
|   50s visit 1 ends
screen hello
mai at dairy for 20
| 1880s visit 2 begins
| 1881s visit 2 is in dairy
| 1881s decided: “yoghurt” scored highest (5: value 10, reach 0.88, seen before ×0.55); 1 opted-in in view
| 1881s commit reserved yoghurt for mai
| 1881s SHOW yoghurt for 5000 ms (revision 2)
| 1881s painted
| 1885s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
| 1886s commit exposed yoghurt painted 5000 ms, seen by []
silence for 40
| 1930s visit 2 ends
screen hello
mai at dairy for 20
| 1940s visit 3 begins
| 1941s visit 3 is in dairy
