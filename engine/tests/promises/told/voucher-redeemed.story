# A voucher is money: set aside before it is shown, paid once, by whoever comes
# first; the same question again is answered the same.
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
money tea
|       tea: 1 reserved, 0 committed, 0 released, 0 late, 0 again
till reserves first t1/1
|    3s commit held by t1/1
|    3s answer Code(Reserved)
till reserves first t2/9
|    3s answer Code(Held)
till commits first t1/1
|    3s commit redeemed by t1/1
|    3s answer Code(Committed)
till commits first t1/1
|    3s answer Code(Committed)
till commits first t2/9
|    3s answer Code(Used)
money tea
|       tea: 0 reserved, 1 committed, 0 released, 0 late, 0 again
# The receipt tells of it, too: joined to its showing, and nothing counts twice.
till sells 1 sku-tea t1/1 voucher first
|    3s commit sold by nobody known: tea as Neither: 1 pieces, the code of tea on middle
|    3s answer Done
money tea
|       tea: 0 reserved, 1 committed, 0 released, 0 late, 0 again
restart
till commits first t1/1
|   63s answer Code(Committed)
till commits first t2/9
|   63s answer Code(Used)
# Taken back, it is good for another.
till voids t1/1
|   63s commit voided t1/1
|   63s answer Done
money tea
|       tea: 1 reserved, 0 committed, 0 released, 0 late, 0 again
till commits first t1/1
|   63s answer Code(LetGo)
till commits first t2/9
|   63s commit redeemed by t2/9
|   63s answer Code(Committed)
money tea
|       tea: 0 reserved, 1 committed, 0 released, 0 late, 0 again
