# A till that falls silent keeps a voucher from nobody: minutes later another is closed with it, and it is paid for once. What the first says too late changes nothing, nor what a till sends for an attempt after the receipt is closed.
offer tea zone=tea shown=5 cap=9/9 voucher=5000/2/20
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
wait 15
till sells 1 sku-tea t2/9 voucher first
|  903s commit sold by nobody known: tea as Neither: 1 pieces, the code of tea on middle
|  903s visit 1 ends
|  903s commit exposed tea painted 901000 ms, seen by [mai 999 ms]
|  903s answer Done
money tea
|       tea: 0 reserved, 1 committed, 0 released, 0 late, 0 again
till commits first t1/1
|  903s answer Code(Used)
till releases first t1/1
|  903s commit let go by t1/1
|  903s answer Code(Released)
money tea
|       tea: 0 reserved, 1 committed, 0 released, 0 late, 0 again
screen hello
mai at tea for 9
|  904s visit 2 begins
|  904s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
|  905s visit 2 is in tea
|  905s decided: “tea” scored highest (5: value 10, reach 1.00, seen before ×0.52); 1 opted-in in view
|  905s commit issued tea worth 5000
|  905s commit coded tea
|  905s commit reserved tea for mai
|  905s SHOW tea for 5000 ms (revision 2)
|  905s painted
|  909s decided: house loop: 1 opted-in in view; nearest was “tea”: as many of its vouchers as may be are out or redeemed; more after some expire
|  910s commit exposed tea painted 5000 ms, seen by [mai 4999 ms]
keep second
till commits second t3/1
|  912s commit redeemed by t3/1
|  912s answer Code(Committed)
till sells 1 sku-tea t3/1 voucher second
|  912s commit sold by nobody known: tea as Neither: 1 pieces, the code of tea on middle
|  912s answer Done
till releases second t3/1
|  912s answer Code(Released)
money tea
|       tea: 0 reserved, 2 committed, 0 released, 0 late, 0 again
