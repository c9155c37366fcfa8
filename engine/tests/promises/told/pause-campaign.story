# A campaign is stopped by hand: its offers go, others stay, and a code that somebody holds is still taken.
offer tea zone=dairy shown=60 cap=9/9 priority=30 campaign=0 voucher=5000/9/20
offer milk zone=dairy shown=60 cap=9/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 4
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “tea” scored highest (22: value 30, reach 0.74); 1 opted-in in view
|    2s commit charged tea
|    2s commit issued tea worth 5000
|    2s commit coded tea
|    2s commit reserved tea for mai
|    2s SHOW tea for 60000 ms (revision 1)
|    2s painted
keep first
pause campaign:summer
|    4s commit paused Campaign(summer)
|    4s commit exposed tea painted 2000 ms, seen by []
|    4s CLEAR (revision 2)
|    4s cleared
|    4s answer Done
mai at dairy for 8
|    5s decided: “milk” scored highest (10: value 10, reach 0.99); 1 opted-in in view
|    5s commit reserved milk for mai
|    5s SHOW milk for 60000 ms (revision 3)
|    5s painted
till reserves first t1/1
|   12s commit held by t1/1
|   12s answer Code(Reserved)
till commits first t1/1
|   12s commit redeemed by t1/1
|   12s answer Code(Committed)
money tea
|       tea: 0 reserved, 1 committed, 0 released, 0 late, 0 again
|       summer: 1 showings, 0 reserved, 5000 committed, 0 late
resume campaign:summer
|   12s commit resumed Campaign(summer)
|   12s answer Done
mai at dairy for 8
