# Offers of one campaign share its cap (2 a visit, 3 a day), its four showings
# and its money (25000).
offer tea zone=tea shown=4 cap=9/9 priority=20 campaign=0 voucher=10000/9/20
offer milk zone=dairy shown=4 cap=9/9 campaign=0
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol nam offers,measurement
|    0s keep the profile of nam
|    0s commit enrolled nam v1 for 2 purposes
|    0s answer Done
mai at tea for 12
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
|    2s visit 1 is in tea
|    2s decided: “tea” scored highest (20: value 20, reach 0.99); 1 opted-in in view
|    2s commit charged tea
|    2s commit issued tea worth 10000
|    2s commit coded tea
|    2s commit reserved tea for mai
|    2s SHOW tea for 4000 ms (revision 1)
|    2s painted
|    5s decided: “tea” scored highest (10: value 20, reach 1.00, seen before ×0.50); 1 opted-in in view
|    5s commit charged tea
|    5s commit issued tea worth 10000
|    5s commit coded tea
|    5s commit reserved tea for mai
|    5s SHOW tea for 4000 ms (revision 2)
|    5s commit exposed tea painted 3000 ms, seen by [mai 2999 ms]
|    5s painted
|    8s decided: house loop: 1 opted-in in view; nearest was “milk”: nobody who opted in is where it wants people
|    9s commit exposed tea painted 4000 ms, seen by [mai 4000 ms]
money tea
|       tea: 2 reserved, 0 committed, 0 released, 0 late, 0 again
|       summer: 2 showings, 20000 reserved, 0 committed, 0 late
nam at tea for 8
|   13s visit 2 begins
|   14s visit 2 is in tea
nam at dairy for 20
|   24s visit 2 is in dairy
|   24s decided: “milk” scored highest (10: value 10, reach 1.00); 2 opted-in in view
|   24s commit charged milk
|   24s commit reserved milk for nam
|   24s SHOW milk for 4000 ms (revision 3)
|   24s painted
|   27s decided: “milk” scored highest (5: value 10, reach 1.00, seen before ×0.50); 2 opted-in in view
|   27s commit charged milk
|   27s commit reserved milk for nam
|   27s SHOW milk for 4000 ms (revision 4)
|   27s commit exposed milk painted 3000 ms, seen by [mai 2923 ms, nam 2997 ms]
|   27s painted
|   30s decided: house loop: 2 opted-in in view; nearest was “tea”: the budget of its campaign is used up
|   31s commit exposed milk painted 4000 ms, seen by [mai 3797 ms, nam 3993 ms]
money tea
|       tea: 2 reserved, 0 committed, 0 released, 0 late, 0 again
|       summer: 4 showings, 20000 reserved, 0 committed, 0 late
