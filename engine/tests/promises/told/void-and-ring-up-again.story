# A receipt that is taken back and rung up again leaves one buyer; so does one that is taken back while another stands. What comes twice counts once.
offer yoghurt zone=dairy shown=3 holdout=10
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai at dairy for 6
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s commit reached mai with yoghurt as Shown
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 3000 ms (revision 1)
|    2s painted
|    5s commit exposed yoghurt painted 3000 ms, seen by [mai 2927 ms]
|    5s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
buy mai sku-yoghurt till-1-1
|    6s commit bought 2 pieces of yoghurt as Shown, the first today
|    6s commit sold by somebody known: yoghurt as Exposed: 2 pieces
results yoghurt
|       shown: 1 reached, 1 saw, 1 bought
|       held out: 0 reached, 0 saw, 0 bought
|       cannot tell yet whether “shown” sells more than “held out”: 1 of about 80000 visits needed
till voids till-1-1
|    6s commit voided till-1-1
|    6s answer Done
results yoghurt
|       shown: 1 reached, 1 saw, 0 bought
|       held out: 0 reached, 0 saw, 0 bought
|       cannot tell yet whether “shown” sells more than “held out”: 1 of about 80000 visits needed
buy mai sku-yoghurt till-1-2
|    6s commit bought 2 pieces of yoghurt as Shown, the first today
|    6s commit sold by somebody known: yoghurt as Exposed: 2 pieces
results yoghurt
|       shown: 1 reached, 1 saw, 1 bought
|       held out: 0 reached, 0 saw, 0 bought
|       cannot tell yet whether “shown” sells more than “held out”: 1 of about 80000 visits needed
buy mai sku-yoghurt till-1-3
|    6s commit bought 2 pieces of yoghurt as Shown
|    6s commit sold by somebody known: yoghurt as Exposed: 2 pieces
till voids till-1-2
|    6s commit bought 2 pieces of yoghurt as Shown, the first today
|    6s commit voided till-1-2
|    6s answer Done
results yoghurt
|       shown: 1 reached, 1 saw, 1 bought
|       held out: 0 reached, 0 saw, 0 bought
|       cannot tell yet whether “shown” sells more than “held out”: 1 of about 80000 visits needed
till voids till-1-2
|    6s answer Done
till voids till-1-3
|    6s commit voided till-1-3
|    6s answer Done
results yoghurt
|       shown: 1 reached, 1 saw, 0 bought
|       held out: 0 reached, 0 saw, 0 bought
|       cannot tell yet whether “shown” sells more than “held out”: 1 of about 80000 visits needed
