# An offer that may be on a screen twice an hour waits for the next hour, also
# over a restart; another goes on.
offer tea zone=tea shown=4 cap=99/99 priority=20 hourly=2
offer rest zone=tea shown=4 cap=99/99
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai at tea for 14
|    0s visit 1 begins
|    1s visit 1 is in tea
|    1s decided: “tea” scored highest (19: value 20, reach 0.95); 1 opted-in in view
|    1s commit charged tea
|    1s commit reserved tea for mai
|    1s SHOW tea for 4000 ms (revision 1)
|    1s painted
|    4s decided: “tea” scored highest (10: value 20, reach 1.00, seen before ×0.50); 1 opted-in in view
|    4s commit charged tea
|    4s commit reserved tea for mai
|    4s SHOW tea for 4000 ms (revision 2)
|    4s commit exposed tea painted 3000 ms, seen by [mai 2995 ms]
|    4s painted
|    7s decided: “rest” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|    7s commit reserved rest for mai
|    7s SHOW rest for 4000 ms (revision 3)
|    7s commit exposed tea painted 3000 ms, seen by [mai 2999 ms]
|    7s painted
|   10s decided: “rest” scored highest (5: value 10, reach 1.00, seen before ×0.50); 1 opted-in in view
|   10s commit reserved rest for mai
|   10s SHOW rest for 4000 ms (revision 4)
|   10s commit exposed rest painted 3000 ms, seen by [mai 2999 ms]
|   10s painted
|   13s decided: “rest” scored highest (3: value 10, reach 1.00, seen before ×0.33); 1 opted-in in view
|   13s commit reserved rest for mai
|   13s SHOW rest for 4000 ms (revision 5)
|   13s commit exposed rest painted 3000 ms, seen by [mai 2999 ms]
|   13s painted
restart
screen hello
|   74s CLEAR (revision 1)
|   74s cleared
mai at tea for 4
|   74s visit 1 begins
|   75s visit 1 is in tea
|   75s decided: “rest” scored highest (2: value 10, reach 0.95, seen before ×0.25); 1 opted-in in view
|   75s commit reserved rest for mai
|   75s SHOW rest for 4000 ms (revision 2)
|   75s painted
|   78s decided: “rest” scored highest (2: value 10, reach 1.00, seen before ×0.20); 1 opted-in in view
|   78s commit reserved rest for mai
|   78s SHOW rest for 4000 ms (revision 3)
|   78s commit exposed rest painted 3000 ms, seen by [mai 2996 ms]
|   78s painted
wait 61
mai at tea for 4
| 3738s commit exposed rest painted 3660500 ms, seen by [mai 3847 ms]
| 3740s decided: “tea” scored highest (8: value 20, reach 1.00, seen before ×0.42); 1 opted-in in view
| 3740s commit charged tea
| 3740s commit reserved tea for mai
| 3740s SHOW tea for 4000 ms (revision 4)
| 3740s painted
