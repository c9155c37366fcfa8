# Seven of ten shoppers are held out, mai among them. Whom the offer would have reached is noted by the same rule in both halves, once a day and on the disk, so that what they buy can be compared after a restart too.
offer yoghurt zone=dairy shown=3 holdout=700
offer tea zone=dairy shown=3 priority=2
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers,measurement
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 2 purposes
|    0s answer Done
enrol hoa offers
|    0s keep the profile of hoa
|    0s commit enrolled hoa v1 for 1 purposes
|    0s answer Done
mai at dairy for 6
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “tea” scored highest (2: value 2, reach 0.88); 1 opted-in in view
|    1s commit reached mai with yoghurt as Holdout
|    1s commit reserved tea for mai
|    1s SHOW tea for 3000 ms (revision 1)
|    1s painted
|    4s commit exposed tea painted 3000 ms, seen by [mai 2883 ms]
|    4s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies is held out to measure its effect
lan at dairy for 6
|    6s visit 2 begins
|    7s visit 2 is in dairy
|    7s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 2 opted-in in view
|    7s commit reached lan with yoghurt as Shown
|    7s commit reserved yoghurt for lan
|    7s SHOW yoghurt for 3000 ms (revision 2)
|    7s painted
|   10s commit exposed yoghurt painted 3000 ms, seen by [mai 2534 ms, lan 2897 ms]
|   10s decided: “tea” scored highest (2: value 2, reach 0.97); 2 opted-in in view
|   10s commit reserved tea for lan
|   10s SHOW tea for 3000 ms (revision 3)
|   10s painted
hoa at dairy for 6
|   12s visit 3 begins
|   13s visit 3 is in dairy
|   13s commit exposed tea painted 3000 ms, seen by [mai 2343 ms, lan 2871 ms]
|   13s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 3 opted-in in view
|   13s commit reserved yoghurt for hoa
|   13s SHOW yoghurt for 3000 ms (revision 4)
|   13s painted
|   16s commit exposed yoghurt painted 3000 ms, seen by [mai 2254 ms, lan 2523 ms]
|   16s decided: “tea” scored highest (2: value 2, reach 0.97); 3 opted-in in view
|   16s commit reserved tea for hoa
|   16s SHOW tea for 3000 ms (revision 5)
|   16s painted
results yoghurt
|       shown: 1 reached, 1 saw, 0 bought
|       held out: 1 reached, 1 saw, 0 bought
|       cannot tell yet whether “shown” sells more than “held out”: 2 of about 3600 visits needed
restart
buy mai sku-yoghurt till-1-1
|   78s commit bought 2 pieces of yoghurt as Holdout, the first today
|   78s commit sold by somebody known: yoghurt as Neither: 2 pieces
buy lan sku-yoghurt till-1-2
|   78s commit bought 2 pieces of yoghurt as Shown, the first today
|   78s commit sold by somebody known: yoghurt as Neither: 2 pieces
buy mai sku-yoghurt till-1-3
|   78s commit bought 2 pieces of yoghurt as Holdout
|   78s commit sold by somebody known: yoghurt as Neither: 2 pieces
results yoghurt
|       shown: 1 reached, 1 saw, 1 bought
|       held out: 1 reached, 1 saw, 1 bought
|       cannot tell yet whether “shown” sells more than “held out”: 2 of about 1700 visits needed
till voids till-1-2
|   78s commit voided till-1-2
|   78s answer Done
results yoghurt
|       shown: 1 reached, 1 saw, 0 bought
|       held out: 1 reached, 1 saw, 1 bought
|       cannot tell yet whether “shown” sells more than “held out”: 2 of about 1700 visits needed
withdraw lan measurement
|   78s commit withdrawn lan from 1 purposes
|   78s answer Done
buy lan sku-yoghurt till-1-4
|   78s commit sold by nobody known: yoghurt as Neither: 2 pieces
results yoghurt
|       shown: 1 reached, 1 saw, 0 bought
|       held out: 1 reached, 1 saw, 1 bought
|       cannot tell yet whether “shown” sells more than “held out”: 2 of about 1700 visits needed
