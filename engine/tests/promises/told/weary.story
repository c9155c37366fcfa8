# Who has seen a picture a moment ago is shown another; hours later it is nearly new.
offer cheese zone=dairy shown=5 priority=40 cap=9/9
offer yoghurt zone=dairy shown=5 priority=60 cap=9/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 18
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (53: value 60, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 5000 ms (revision 1)
|    1s painted
|    5s decided: “cheese” scored highest (39: value 40, reach 0.98); 1 opted-in in view
|    5s commit reserved cheese for mai
|    5s SHOW cheese for 5000 ms (revision 2)
|    5s commit exposed yoghurt painted 4000 ms, seen by []
|    5s painted
|    9s decided: “yoghurt” scored highest (29: value 60, reach 0.97, seen before ×0.50); 1 opted-in in view
|    9s commit reserved yoghurt for mai
|    9s SHOW yoghurt for 5000 ms (revision 3)
|    9s commit exposed cheese painted 4000 ms, seen by []
|    9s painted
|   13s decided: “yoghurt” scored highest (20: value 60, reach 0.98, seen before ×0.33); 1 opted-in in view
|   13s commit reserved yoghurt for mai
|   13s SHOW yoghurt for 5000 ms (revision 4)
|   13s commit exposed yoghurt painted 4000 ms, seen by []
|   13s painted
|   17s decided: “cheese” scored highest (19: value 40, reach 0.97, seen before ×0.50); 1 opted-in in view
|   17s commit reserved cheese for mai
|   17s SHOW cheese for 5000 ms (revision 5)
|   17s commit exposed yoghurt painted 4000 ms, seen by []
|   17s painted
wait 300
mai at dairy for 14
| 18018s commit exposed cheese painted 18001500 ms, seen by []
| 18020s decided: “yoghurt” scored highest (37: value 60, reach 0.93, seen before ×0.65); 1 opted-in in view
| 18020s commit reserved yoghurt for mai
| 18020s SHOW yoghurt for 5000 ms (revision 6)
| 18020s painted
| 18024s decided: “cheese” scored highest (28: value 40, reach 0.96, seen before ×0.74); 1 opted-in in view
| 18024s commit reserved cheese for mai
| 18024s SHOW cheese for 5000 ms (revision 7)
| 18024s commit exposed yoghurt painted 4000 ms, seen by []
| 18024s painted
| 18028s decided: “yoghurt” scored highest (22: value 60, reach 0.94, seen before ×0.40); 1 opted-in in view
| 18028s commit reserved yoghurt for mai
| 18028s SHOW yoghurt for 5000 ms (revision 8)
| 18028s commit exposed cheese painted 4000 ms, seen by []
| 18028s painted
