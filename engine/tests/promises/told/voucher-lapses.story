# A code that nobody redeemed frees its worth after its time and half an hour.
offer tea zone=tea shown=5 cap=9/9 voucher=5000/1/20
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
# The one redemption there is is set aside: no second code is shown.
mai at tea for 5
|    6s decided: house loop: 1 opted-in in view; nearest was “tea”: as many of its vouchers as may be are out or redeemed; more after some expire
|    7s commit exposed tea painted 5000 ms, seen by [mai 4999 ms]
money tea
|       tea: 1 reserved, 0 committed, 0 released, 0 late, 0 again
wait 21
till reserves first t1/1
| 1268s answer Code(Expired)
| 1268s visit 1 ends
money tea
|       tea: 1 reserved, 0 committed, 0 released, 0 late, 0 again
wait 30
silence for 1
| 3069s commit lapsed 1
money tea
|       tea: 0 reserved, 0 committed, 1 released, 0 late, 0 again
till commits first t1/1
| 3069s answer Code(Expired)
mai at tea for 4
| 3070s visit 2 begins
| 3071s visit 2 is in tea
| 3071s decided: “tea” scored highest (6: value 10, reach 1.00, seen before ×0.57); 1 opted-in in view
| 3071s commit issued tea worth 5000
| 3071s commit coded tea
| 3071s commit reserved tea for mai
| 3071s SHOW tea for 5000 ms (revision 2)
| 3071s painted
keep second
money tea
|       tea: 1 reserved, 0 committed, 1 released, 0 late, 0 again
# A till that had lost its gateway hands the first one in after all: beside the
# budget, and said. What is redeemed again is said as well.
till sells 1 sku-tea t1/2 voucher first
| 3073s commit sold by nobody known: tea as Neither: 1 pieces, the code of tea on middle
| 3073s answer Done
till sells 1 sku-tea t1/3 voucher first
| 3073s commit sold by nobody known: tea as Neither: 1 pieces, the code of tea on middle again
| 3073s answer Done
till commits second t1/4
| 3073s commit redeemed by t1/4
| 3073s answer Code(Committed)
money tea
|       tea: 0 reserved, 1 committed, 1 released, 1 late, 1 again
