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
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s commit reached mai with yoghurt as Holdout
|    2s decided: “tea” scored highest (1: value 2, reach 0.74); 1 opted-in in view
|    2s commit reserved tea for mai
|    2s SHOW tea for 3000 ms (revision 1)
|    2s painted
|    5s commit exposed tea painted 3000 ms, seen by [mai 2927 ms]
|    5s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies is held out to measure its effect
lan at dairy for 6
|    7s visit 2 begins
|    8s visit 2 is in dairy
|    8s commit reached lan with yoghurt as Shown
|    8s decided: “yoghurt” scored highest (8: value 10, reach 0.84); 2 opted-in in view
|    8s commit reserved yoghurt for lan
|    8s SHOW yoghurt for 3000 ms (revision 2)
|    8s painted
|   11s commit exposed yoghurt painted 3000 ms, seen by [mai 2800 ms, lan 2928 ms]
|   11s decided: “tea” scored highest (2: value 2, reach 0.99); 2 opted-in in view
|   11s commit reserved tea for lan
|   11s SHOW tea for 3000 ms (revision 3)
|   11s painted
hoa at dairy for 6
|   13s visit 3 begins
|   14s visit 3 is in dairy
|   14s commit exposed tea painted 3000 ms, seen by [mai 2593 ms, lan 2973 ms]
|   14s decided: “yoghurt” scored highest (8: value 10, reach 0.84); 3 opted-in in view
|   14s commit reserved yoghurt for hoa
|   14s SHOW yoghurt for 3000 ms (revision 4)
|   14s painted
|   17s commit exposed yoghurt painted 3000 ms, seen by [mai 2465 ms, lan 2797 ms]
|   17s decided: “tea” scored highest (2: value 2, reach 0.99); 3 opted-in in view
|   17s commit reserved tea for hoa
|   17s SHOW tea for 3000 ms (revision 5)
|   17s painted
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
