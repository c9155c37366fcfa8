# Of one group a shopper is shown one offer a visit, and its vouchers are not
# taken together.
offer nuts zone=tea shown=5 cap=1/9 priority=20 group=snacks voucher=3000/9/20
offer chips zone=tea shown=5 cap=1/9 group=snacks voucher=2000/9/20
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol nam offers,measurement
|    0s keep the profile of nam
|    0s commit enrolled nam v1 for 2 purposes
|    0s answer Done
mai at tea for 3
|    0s visit 1 begins
|    1s visit 1 is in tea
|    1s decided: “nuts” scored highest (19: value 20, reach 0.95); 1 opted-in in view
|    1s commit issued nuts worth 3000
|    1s commit coded nuts
|    1s commit reserved nuts for mai
|    1s SHOW nuts for 5000 ms (revision 1)
|    1s painted
keep mais
mai at tea for 8
|    5s decided: house loop: 1 opted-in in view; nearest was “chips”: everybody who qualifies has seen another offer of its group
|    6s commit exposed nuts painted 5000 ms, seen by [mai 4995 ms]
nam at tea for 12
|   11s visit 2 begins
|   12s visit 2 is in tea
|   12s decided: “nuts” scored highest (19: value 20, reach 0.95); 2 opted-in in view
|   12s commit issued nuts worth 3000
|   12s commit coded nuts
|   12s commit reserved nuts for nam
|   12s SHOW nuts for 5000 ms (revision 2)
|   12s painted
|   16s decided: house loop: 2 opted-in in view; nearest was “chips”: everybody who qualifies has seen another offer of its group
|   17s commit exposed nuts painted 5000 ms, seen by [mai 4931 ms, nam 4996 ms]
keep nams
till reserves mais t1/1
|   23s commit held by t1/1
|   23s answer Code(Reserved)
till reserves nams t1/1
|   23s answer Code(NotTogether)
till reserves nams t1/2
|   23s commit held by t1/2
|   23s answer Code(Reserved)
till releases mais t1/1
|   23s commit let go by t1/1
|   23s answer Code(Released)
till reserves mais t1/3
|   23s commit held by t1/3
|   23s answer Code(Reserved)
money nuts
|       nuts: 2 reserved, 0 committed, 0 released, 0 late, 0 again
