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
|    1s visit 1 is in dairy
|    1s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
|    3s visit 1 is in tea
|    3s decided: “tea” scored highest (20: value 20, reach 0.99); 1 opted-in in view
|    3s commit charged tea
|    3s commit reserved tea for mai
|    3s SHOW tea for 4000 ms (revision 1)
|    3s painted
|    6s decided: “tea” scored highest (10: value 20, reach 1.00, seen before ×0.50); 1 opted-in in view
|    6s commit charged tea
|    6s commit reserved tea for mai
|    6s SHOW tea for 4000 ms (revision 2)
|    6s commit exposed tea painted 3000 ms, seen by [mai 2997 ms]
|    6s painted
|    9s decided: “rest” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|    9s commit reserved rest for mai
|    9s SHOW rest for 4000 ms (revision 3)
|    9s commit exposed tea painted 3000 ms, seen by [mai 2998 ms]
|    9s painted
|   12s decided: “rest” scored highest (5: value 10, reach 1.00, seen before ×0.50); 1 opted-in in view
|   12s commit reserved rest for mai
|   12s SHOW rest for 4000 ms (revision 4)
|   12s commit exposed rest painted 3000 ms, seen by [mai 2999 ms]
|   12s painted
restart
screen hello
|   74s CLEAR (revision 1)
|   74s cleared
mai at tea for 4
|   75s visit 1 begins
|   75s visit 1 is in dairy
|   75s decided: house loop: 1 opted-in in view; nearest was “rest”: nobody who opted in is where it wants people
|   76s visit 1 is in tea
|   76s decided: “rest” scored highest (3: value 10, reach 0.94, seen before ×0.33); 1 opted-in in view
|   76s commit reserved rest for mai
|   76s SHOW rest for 4000 ms (revision 2)
|   76s painted
wait 61
mai at tea for 4
| 3739s commit exposed rest painted 3663000 ms, seen by [mai 3987 ms]
| 3741s decided: “tea” scored highest (8: value 20, reach 1.00, seen before ×0.42); 1 opted-in in view
| 3741s commit charged tea
| 3741s commit reserved tea for mai
| 3741s SHOW tea for 4000 ms (revision 3)
| 3741s painted
