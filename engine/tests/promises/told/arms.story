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
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (6: value 10, reach 0.63); 1 opted-in in view
|    1s commit reached mai with yoghurt as Arm("plain")
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 3000 ms (revision 1)
|    1s painted
|    4s commit exposed yoghurt painted 3000 ms, seen by [mai 2406 ms]
|    4s decided: “yoghurt” scored highest (4: value 10, reach 0.88, seen before ×0.50); 1 opted-in in view
|    4s commit reserved yoghurt for mai
|    4s SHOW yoghurt for 3000 ms (revision 2)
|    4s painted
mai at door for 4
|    7s commit exposed yoghurt painted 3000 ms, seen by [mai 2679 ms]
|    7s decided: “yoghurt” scored highest (3: value 10, reach 0.83, seen before ×0.33); 1 opted-in in view
|    7s commit reserved yoghurt for mai
|    7s SHOW yoghurt for 3000 ms (revision 3)
|    7s painted
|    9s visit 1 is in door
|   10s commit exposed yoghurt painted 3000 ms, seen by [mai 829 ms]
|   10s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
lan at dairy for 6
|   11s visit 2 begins
|   11s visit 2 is in door
|   12s visit 2 is in dairy
|   12s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|   12s commit reached lan with yoghurt as Arm("loud")
|   12s commit reserved yoghurt for lan
|   12s SHOW yoghurt for 3000 ms (revision 4)
|   12s painted
|   15s commit exposed yoghurt painted 3000 ms, seen by [mai 836 ms, lan 2659 ms]
|   15s decided: “yoghurt” scored highest (5: value 10, reach 0.92, seen before ×0.50); 2 opted-in in view
|   15s commit reserved yoghurt for lan
|   15s SHOW yoghurt for 3000 ms (revision 5)
|   15s painted
lan at door for 4
|   18s commit exposed yoghurt painted 3000 ms, seen by [mai 1155 ms, lan 2199 ms]
|   18s decided: “yoghurt” scored highest (2: value 10, reach 0.47, seen before ×0.33); 2 opted-in in view
|   18s commit reserved yoghurt for lan
|   18s SHOW yoghurt for 3000 ms (revision 6)
|   18s painted
|   19s visit 2 is in door
hoa at dairy for 6
|   21s visit 3 begins
|   21s visit 3 is in dairy
|   21s commit exposed yoghurt painted 3000 ms, seen by [mai 1395 ms, lan 490 ms, hoa 661 ms]
|   21s decided: “yoghurt” scored highest (7: value 10, reach 0.66); 2 opted-in in view
|   21s commit reached hoa with yoghurt as Arm("loud")
|   21s commit reserved yoghurt for hoa
|   21s SHOW yoghurt for 3000 ms (revision 7)
|   21s painted
|   24s commit exposed yoghurt painted 3000 ms, seen by [mai 1575 ms, lan 741 ms, hoa 2455 ms]
|   24s decided: “yoghurt” scored highest (4: value 10, reach 0.89, seen before ×0.50); 2 opted-in in view
|   24s commit reserved yoghurt for hoa
|   24s SHOW yoghurt for 3000 ms (revision 8)
|   24s painted
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
|   87s visit 1 is in dairy
|   87s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
results yoghurt
|       loud: 2 reached, 2 saw, 1 bought
|       plain: 1 reached, 1 saw, 0 bought
|       cannot tell yet whether “loud” sells more than “plain”: 3 of about 3100 visits needed
