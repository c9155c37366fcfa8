# What was promised on a screen holds until it expires, whether the picture is
# still there or not, and whatever the shelf says by then.
offer tea zone=tea shown=5 cap=1/1 stock-min=2 voucher=5000/9/20
stock 9
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
stock 0
till reserves first t1/1
|    3s commit held by t1/1
|    3s answer Code(Reserved)
till commits first t1/1
|    3s commit redeemed by t1/1
|    3s answer Code(Committed)
replan without tea
|    3s commit exposed tea painted 1000 ms, seen by [mai 999 ms]
|    3s CLEAR (revision 2)
|    3s cleared
till commits first t1/1
|    3s answer Code(Committed)
till sells 1 sku-tea t1/1 voucher first
|    3s commit sold by nobody known: the code of tea on middle
|    3s answer Done
money tea
|       tea: 0 reserved, 1 committed, 0 released, 0 late, 0 again
