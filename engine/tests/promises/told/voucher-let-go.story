# A receipt that let a code go has nothing more to do with it: what it sent
# before and what arrives late counts nothing. A new attempt begins anew.
offer tea zone=tea shown=5 cap=9/9 voucher=5000/9/20
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai at tea for 3
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
|    2s visit 1 is in tea
|    2s decided: “tea” scored highest (10: value 10, reach 0.99); 1 opted-in in view
|    2s commit issued tea worth 5000
|    2s commit coded tea
|    2s commit reserved tea for mai
|    2s SHOW tea for 5000 ms (revision 1)
|    2s painted
keep first
till reserves first t1/1
|    3s commit held by t1/1
|    3s answer Code(Reserved)
till releases first t1/1
|    3s commit let go by t1/1
|    3s answer Code(Released)
till commits first t1/1
|    3s answer Code(LetGo)
till reserves first t1/1 attempt=2
|    3s commit held by t1/1
|    3s answer Code(Reserved)
till commits first t1/1
|    3s answer Code(LetGo)
till commits first t1/1 attempt=2
|    3s commit redeemed by t1/1
|    3s answer Code(Committed)
money tea
|       tea: 0 reserved, 1 committed, 0 released, 0 late, 0 again
# A till that holds a code and dies does not keep it for ever.
mai at tea for 8
|    6s decided: “tea” scored highest (5: value 10, reach 1.00, seen before ×0.50); 1 opted-in in view
|    6s commit issued tea worth 5000
|    6s commit coded tea
|    6s commit reserved tea for mai
|    6s SHOW tea for 5000 ms (revision 2)
|    6s commit exposed tea painted 4000 ms, seen by [mai 3999 ms]
|    6s painted
|   10s decided: “tea” scored highest (3: value 10, reach 1.00, seen before ×0.33); 1 opted-in in view
|   10s commit issued tea worth 5000
|   10s commit coded tea
|   10s commit reserved tea for mai
|   10s SHOW tea for 5000 ms (revision 3)
|   10s commit exposed tea painted 4000 ms, seen by [mai 4000 ms]
|   10s painted
keep second
till reserves second t2/1
|   11s commit held by t2/1
|   11s answer Code(Reserved)
till reserves second t3/1
|   11s answer Code(Held)
wait 6
till reserves second t3/1
|  371s commit held by t3/1
|  371s visit 1 ends
|  371s commit exposed tea painted 361000 ms, seen by [mai 1000 ms]
|  371s answer Code(Reserved)
till commits second t2/1
|  371s answer Code(Held)
till commits second t3/1
|  371s commit redeemed by t3/1
|  371s answer Code(Committed)
money tea
|       tea: 1 reserved, 2 committed, 0 released, 0 late, 0 again
