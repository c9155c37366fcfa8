# A code on a screen joins the receipt to the showing: once, whoever else has it.
offer tea zone=tea shown=5 code=9520123456788
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai at tea for 4
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
|    2s visit 1 is in tea
|    2s decided: “tea” scored highest (10: value 10, reach 0.99); 1 opted-in in view
|    2s commit coded tea
|    2s commit reserved tea for mai
|    2s SHOW tea for 5000 ms (revision 1)
|    2s painted
till sells 1 sku-tea till-1/1 code foreign
|    4s commit sold by nobody known: tea as Neither: 1 pieces
|    4s answer Done
till sells 1 sku-tea till-1/2 code shown
|    4s commit sold by nobody known: tea as Neither: 1 pieces, the code of tea on middle
|    4s answer Done
tally tea
|       tea: neither 2 baskets, 2 pieces, 58000; codes 1 and 0 again
till sells 1 sku-bread till-1/3 code shown
|    4s commit sold by nobody known: the code of tea on middle again
|    4s answer Done
tally tea
|       tea: neither 2 baskets, 2 pieces, 58000; codes 1 and 1 again
# Taken back, it can be redeemed again; over a restart, too.
till voids till-1/2
|    4s commit voided till-1/2
|    4s answer Done
tally tea
|       tea: neither 1 baskets, 1 pieces, 29000; codes 0 and 1 again
restart
till sells 1 sku-bread till-1/4 code shown
|   64s commit sold by nobody known: the code of tea on middle
|   64s answer Done
tally tea
|       tea: neither 1 baskets, 1 pieces, 29000; codes 1 and 1 again
