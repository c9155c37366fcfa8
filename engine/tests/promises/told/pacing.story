# Ten showings a day, spread evenly over the hours of the offer: the first at once, the next when its time has come.
offer yoghurt zone=dairy shown=60 daily=10 pacing=even cap=90/90 hours=9-19
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 400
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 60000 ms (revision 1)
|    2s painted
|   61s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: it is ahead of an even pace over the day
|   62s commit exposed yoghurt painted 60000 ms, seen by []
silence for 3600
|  430s visit 1 ends
mai at dairy for 70
| 4001s visit 2 begins
| 4002s visit 2 is in dairy
| 4002s decided: “yoghurt” scored highest (6: value 10, reach 0.97, seen before ×0.60, pacing ×1.05); 1 opted-in in view
| 4002s commit reserved yoghurt for mai
| 4002s SHOW yoghurt for 60000 ms (revision 2)
| 4002s painted
| 4061s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: it is ahead of an even pace over the day
| 4062s commit exposed yoghurt painted 60000 ms, seen by []
