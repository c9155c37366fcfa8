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
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “nuts”: nobody who opted in is where it wants people
|    2s visit 1 is in tea
|    2s decided: “nuts” scored highest (20: value 20, reach 0.99); 1 opted-in in view
|    2s commit issued nuts worth 3000
|    2s commit coded nuts
|    2s commit reserved nuts for mai
|    2s SHOW nuts for 5000 ms (revision 1)
|    2s painted
keep mais
mai at tea for 8
|    6s decided: house loop: 1 opted-in in view; nearest was “chips”: everybody who qualifies has seen another offer of its group
|    7s commit exposed nuts painted 5000 ms, seen by [mai 4999 ms]
nam at tea for 12
|   12s visit 2 begins
|   13s visit 2 is in tea
|   13s decided: “nuts” scored highest (20: value 20, reach 1.00); 2 opted-in in view
|   13s commit issued nuts worth 3000
|   13s commit coded nuts
|   13s commit reserved nuts for nam
|   13s SHOW nuts for 5000 ms (revision 2)
|   13s painted
|   17s decided: house loop: 2 opted-in in view; nearest was “chips”: everybody who qualifies has seen another offer of its group
|   18s commit exposed nuts painted 5000 ms, seen by [mai 4997 ms, nam 4999 ms]
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
