# Who has seen a picture a moment ago is shown another; hours later it is nearly new.
offer cheese zone=dairy shown=5 priority=40 cap=9/9
offer yoghurt zone=dairy shown=5 priority=60 cap=9/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 18
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (44: value 60, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 5000 ms (revision 1)
|    2s painted
|    6s decided: “cheese” scored highest (40: value 40, reach 1.00); 1 opted-in in view
|    6s commit reserved cheese for mai
|    6s SHOW cheese for 5000 ms (revision 2)
|    6s commit exposed yoghurt painted 4000 ms, seen by []
|    6s painted
|   10s decided: “yoghurt” scored highest (30: value 60, reach 1.00, seen before ×0.50); 1 opted-in in view
|   10s commit reserved yoghurt for mai
|   10s SHOW yoghurt for 5000 ms (revision 3)
|   10s commit exposed cheese painted 4000 ms, seen by []
|   10s painted
|   14s decided: “yoghurt” scored highest (20: value 60, reach 1.00, seen before ×0.33); 1 opted-in in view
|   14s commit reserved yoghurt for mai
|   14s SHOW yoghurt for 5000 ms (revision 4)
|   14s commit exposed yoghurt painted 4000 ms, seen by []
|   14s painted
|   18s decided: “cheese” scored highest (20: value 40, reach 1.00, seen before ×0.50); 1 opted-in in view
|   18s commit reserved cheese for mai
|   18s SHOW cheese for 5000 ms (revision 5)
|   18s commit exposed yoghurt painted 4000 ms, seen by []
|   18s painted
wait 300
mai at dairy for 14
| 18019s commit exposed cheese painted 18001000 ms, seen by []
| 18021s decided: “yoghurt” scored highest (39: value 60, reach 1.00, seen before ×0.65); 1 opted-in in view
| 18021s commit reserved yoghurt for mai
| 18021s SHOW yoghurt for 5000 ms (revision 6)
| 18021s painted
| 18025s decided: “cheese” scored highest (30: value 40, reach 1.00, seen before ×0.74); 1 opted-in in view
| 18025s commit reserved cheese for mai
| 18025s SHOW cheese for 5000 ms (revision 7)
| 18025s commit exposed yoghurt painted 4000 ms, seen by []
| 18025s painted
| 18029s decided: “yoghurt” scored highest (24: value 60, reach 1.00, seen before ×0.40); 1 opted-in in view
| 18029s commit reserved yoghurt for mai
| 18029s SHOW yoghurt for 5000 ms (revision 8)
| 18029s commit exposed cheese painted 4000 ms, seen by []
| 18029s painted
