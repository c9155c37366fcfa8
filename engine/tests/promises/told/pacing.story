# Ten showings a day, spread evenly over the hours of the offer: the first at once, the next when its time has come.
offer yoghurt zone=dairy shown=60 daily=10 pacing=even cap=90/90 hours=9-19
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 400
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 60000 ms (revision 1)
|    1s painted
|   60s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: it is ahead of an even pace over the day
|   61s commit exposed yoghurt painted 60000 ms, seen by []
silence for 3600
|  430s visit 1 ends
mai at dairy for 70
| 4000s visit 2 begins
| 4001s visit 2 is in dairy
| 4001s decided: “yoghurt” scored highest (5: value 10, reach 0.86, seen before ×0.60, pacing ×1.05); 1 opted-in in view
| 4001s commit reserved yoghurt for mai
| 4001s SHOW yoghurt for 60000 ms (revision 2)
| 4001s painted
| 4060s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: it is ahead of an even pace over the day
| 4061s commit exposed yoghurt painted 60000 ms, seen by []
