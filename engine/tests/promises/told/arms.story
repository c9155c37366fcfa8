# Two pictures of one offer: each shopper always gets the same, today and after a restart; before two shoppers the screen follows whoever sees it most surely.
offer yoghurt zone=dairy shown=3 cap=3/9 arms=plain,loud
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers,measurement
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 2 purposes
|    0s answer Done
enrol hoa offers,measurement
|    0s keep the profile of hoa
|    0s commit enrolled hoa v1 for 2 purposes
|    0s answer Done
mai at dairy for 6
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s commit reached mai with yoghurt as Arm("plain")
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 3000 ms (revision 1)
|    2s painted
|    5s commit exposed yoghurt painted 3000 ms, seen by [mai 2927 ms]
|    5s decided: “yoghurt” scored highest (5: value 10, reach 0.99, seen before ×0.50); 1 opted-in in view
|    5s commit reserved yoghurt for mai
|    5s SHOW yoghurt for 3000 ms (revision 2)
|    5s painted
mai at door for 4
|    8s commit exposed yoghurt painted 3000 ms, seen by [mai 2674 ms]
|    8s decided: “yoghurt” scored highest (2: value 10, reach 0.73, seen before ×0.33); 1 opted-in in view
|    8s commit reserved yoghurt for mai
|    8s SHOW yoghurt for 3000 ms (revision 3)
|    8s painted
|   10s visit 1 is in door
lan at dairy for 6
|   11s visit 2 begins
|   11s commit exposed yoghurt painted 3000 ms, seen by [mai 198 ms, lan 318 ms]
|   11s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|   12s visit 2 is in dairy
|   12s commit reached lan with yoghurt as Arm("loud")
|   12s decided: “yoghurt” scored highest (8: value 10, reach 0.83); 1 opted-in in view
|   12s commit reserved yoghurt for lan
|   12s SHOW yoghurt for 3000 ms (revision 4)
|   12s painted
|   15s commit exposed yoghurt painted 3000 ms, seen by [mai 494 ms, lan 2948 ms]
|   15s decided: “yoghurt” scored highest (5: value 10, reach 0.99, seen before ×0.50); 1 opted-in in view
|   15s commit reserved yoghurt for lan
|   15s SHOW yoghurt for 3000 ms (revision 5)
|   15s painted
lan at door for 4
|   18s commit exposed yoghurt painted 3000 ms, seen by [mai 851 ms, lan 2481 ms]
|   18s decided: “yoghurt” scored highest (2: value 10, reach 0.56, seen before ×0.33); 2 opted-in in view
|   18s commit reserved yoghurt for lan
|   18s SHOW yoghurt for 3000 ms (revision 6)
|   18s painted
|   20s visit 2 is in door
hoa at dairy for 6
|   21s visit 3 begins
|   21s commit exposed yoghurt painted 3000 ms, seen by [mai 1165 ms, lan 113 ms, hoa 479 ms]
|   21s decided: house loop: 2 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|   22s visit 3 is in dairy
|   22s commit reached hoa with yoghurt as Arm("loud")
|   22s decided: “yoghurt” scored highest (8: value 10, reach 0.84); 2 opted-in in view
|   22s commit reserved yoghurt for hoa
|   22s SHOW yoghurt for 3000 ms (revision 7)
|   22s painted
|   25s commit exposed yoghurt painted 3000 ms, seen by [mai 1502 ms, lan 455 ms, hoa 2928 ms]
|   25s decided: “yoghurt” scored highest (5: value 10, reach 0.99, seen before ×0.50); 2 opted-in in view
|   25s commit reserved yoghurt for hoa
|   25s SHOW yoghurt for 3000 ms (revision 8)
|   25s painted
buy hoa sku-yoghurt till-1-1
|   26s commit bought 2 pieces of yoghurt as Arm("loud"), the first today
|   26s commit sold by somebody known: yoghurt as Exposed: 2 pieces
buy hoa sku-yoghurt till-1-2
|   26s commit bought 2 pieces of yoghurt as Arm("loud")
|   26s commit sold by somebody known: yoghurt as Exposed: 2 pieces
till voids till-1-2
|   26s commit voided till-1-2
|   26s answer Done
results yoghurt
|       loud: 2 reached, 2 saw, 1 bought
|       plain: 1 reached, 1 saw, 0 bought
|       cannot tell yet whether “loud” sells more than “plain”: 3 of about 3100 visits needed
restart
screen hello
|   86s CLEAR (revision 1)
|   86s cleared
mai at dairy for 8
|   87s visit 1 begins
|   87s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|   88s visit 1 is in dairy
results yoghurt
|       loud: 2 reached, 2 saw, 1 bought
|       plain: 1 reached, 1 saw, 0 bought
|       cannot tell yet whether “loud” sells more than “plain”: 3 of about 3100 visits needed
