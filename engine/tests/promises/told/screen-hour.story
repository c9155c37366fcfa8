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
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
|    2s visit 1 is in tea
|    2s decided: “tea” scored highest (20: value 20, reach 0.99); 1 opted-in in view
|    2s commit charged tea
|    2s commit reserved tea for mai
|    2s SHOW tea for 4000 ms (revision 1)
|    2s painted
|    5s decided: “tea” scored highest (10: value 20, reach 1.00, seen before ×0.50); 1 opted-in in view
|    5s commit charged tea
|    5s commit reserved tea for mai
|    5s SHOW tea for 4000 ms (revision 2)
|    5s commit exposed tea painted 3000 ms, seen by [mai 2999 ms]
|    5s painted
|    8s decided: “rest” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|    8s commit reserved rest for mai
|    8s SHOW rest for 4000 ms (revision 3)
|    8s commit exposed tea painted 3000 ms, seen by [mai 3000 ms]
|    8s painted
|   11s decided: “rest” scored highest (5: value 10, reach 1.00, seen before ×0.50); 1 opted-in in view
|   11s commit reserved rest for mai
|   11s SHOW rest for 4000 ms (revision 4)
|   11s commit exposed rest painted 3000 ms, seen by [mai 3000 ms]
|   11s painted
|   14s decided: “rest” scored highest (3: value 10, reach 1.00, seen before ×0.33); 1 opted-in in view
|   14s commit reserved rest for mai
|   14s SHOW rest for 4000 ms (revision 5)
|   14s commit exposed rest painted 3000 ms, seen by [mai 3000 ms]
|   14s painted
restart
screen hello
|   74s CLEAR (revision 1)
|   74s cleared
mai at tea for 4
|   75s visit 1 begins
|   75s decided: house loop: 1 opted-in in view; nearest was “rest”: nobody who opted in is where it wants people
|   76s visit 1 is in tea
|   76s decided: “rest” scored highest (2: value 10, reach 1.00, seen before ×0.25); 1 opted-in in view
|   76s commit reserved rest for mai
|   76s SHOW rest for 4000 ms (revision 2)
|   76s painted
wait 61
mai at tea for 4
| 3739s commit exposed rest painted 3663000 ms, seen by [mai 3999 ms]
| 3741s decided: “tea” scored highest (8: value 20, reach 1.00, seen before ×0.42); 1 opted-in in view
| 3741s commit charged tea
| 3741s commit reserved tea for mai
| 3741s SHOW tea for 4000 ms (revision 3)
| 3741s painted
