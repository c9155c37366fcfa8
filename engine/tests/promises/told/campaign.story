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
|    1s visit 1 is in dairy
|    1s decided: “milk” scored highest (8: value 10, reach 0.75); 1 opted-in in view
|    1s commit charged milk
|    1s commit reserved milk for mai
|    1s SHOW milk for 4000 ms (revision 1)
|    1s painted
|    3s visit 1 is in tea
|    4s decided: “tea” scored highest (20: value 20, reach 1.00); 1 opted-in in view
|    4s commit charged tea
|    4s commit issued tea worth 10000
|    4s commit coded tea
|    4s commit reserved tea for mai
|    4s SHOW tea for 4000 ms (revision 2)
|    4s commit exposed milk painted 3000 ms, seen by [mai 2913 ms]
|    4s painted
|    7s decided: house loop: 1 opted-in in view; nearest was “tea”: everybody who qualifies has seen enough of its campaign
|    8s commit exposed tea painted 4000 ms, seen by [mai 3998 ms]
money tea
|       tea: 1 reserved, 0 committed, 0 released, 0 late, 0 again
|       summer: 2 showings, 10000 reserved, 0 committed, 0 late
nam at tea for 8
|   13s visit 2 begins
|   13s visit 2 is in dairy
|   13s decided: “milk” scored highest (7: value 10, reach 0.74); 2 opted-in in view
|   13s commit charged milk
|   13s commit reserved milk for nam
|   13s SHOW milk for 4000 ms (revision 3)
|   13s painted
|   14s visit 2 is in tea
|   16s decided: “tea” scored highest (20: value 20, reach 1.00); 2 opted-in in view
|   16s commit charged tea
|   16s commit issued tea worth 10000
|   16s commit coded tea
|   16s commit reserved tea for nam
|   16s SHOW tea for 4000 ms (revision 4)
|   16s commit exposed milk painted 3000 ms, seen by [mai 2982 ms, nam 2933 ms]
|   16s painted
|   19s decided: house loop: 2 opted-in in view; nearest was “tea”: the budget of its campaign is used up
|   20s commit exposed tea painted 4000 ms, seen by [mai 3881 ms, nam 3998 ms]
nam at dairy for 20
|   24s visit 2 is in dairy
money tea
|       tea: 2 reserved, 0 committed, 0 released, 0 late, 0 again
|       summer: 4 showings, 20000 reserved, 0 committed, 0 late
