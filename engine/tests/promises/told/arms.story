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
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|    1s commit reached mai with yoghurt as Arm("plain")
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 3000 ms (revision 1)
|    1s painted
|    4s commit exposed yoghurt painted 3000 ms, seen by [mai 2883 ms]
|    4s decided: “yoghurt” scored highest (5: value 10, reach 0.97, seen before ×0.50); 1 opted-in in view
|    4s commit reserved yoghurt for mai
|    4s SHOW yoghurt for 3000 ms (revision 2)
|    4s painted
mai at door for 4
|    7s commit exposed yoghurt painted 3000 ms, seen by [mai 2660 ms]
|    7s decided: “yoghurt” scored highest (2: value 10, reach 0.71, seen before ×0.33); 1 opted-in in view
|    7s commit reserved yoghurt for mai
|    7s SHOW yoghurt for 3000 ms (revision 3)
|    7s painted
|    9s visit 1 is in door
|   10s commit exposed yoghurt painted 3000 ms, seen by [mai 480 ms]
|   10s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
lan at dairy for 6
|   10s visit 2 begins
|   11s visit 2 is in dairy
|   11s decided: “yoghurt” scored highest (9: value 10, reach 0.86); 1 opted-in in view
|   11s commit reached lan with yoghurt as Arm("loud")
|   11s commit reserved yoghurt for lan
|   11s SHOW yoghurt for 3000 ms (revision 4)
|   11s painted
|   14s commit exposed yoghurt painted 3000 ms, seen by [mai 720 ms, lan 2905 ms]
|   14s decided: “yoghurt” scored highest (5: value 10, reach 0.98, seen before ×0.50); 1 opted-in in view
|   14s commit reserved yoghurt for lan
|   14s SHOW yoghurt for 3000 ms (revision 5)
|   14s painted
lan at door for 4
|   17s commit exposed yoghurt painted 3000 ms, seen by [mai 1072 ms, lan 2622 ms]
|   17s decided: “yoghurt” scored highest (2: value 10, reach 0.67, seen before ×0.33); 2 opted-in in view
|   17s commit reserved yoghurt for lan
|   17s SHOW yoghurt for 3000 ms (revision 6)
|   17s painted
|   19s visit 2 is in door
|   20s commit exposed yoghurt painted 3000 ms, seen by [mai 1331 ms, lan 463 ms]
|   20s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
hoa at dairy for 6
|   20s visit 3 begins
|   21s visit 3 is in dairy
|   21s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 2 opted-in in view
|   21s commit reached hoa with yoghurt as Arm("loud")
|   21s commit reserved yoghurt for hoa
|   21s SHOW yoghurt for 3000 ms (revision 7)
|   21s painted
|   24s commit exposed yoghurt painted 3000 ms, seen by [mai 1581 ms, lan 743 ms, hoa 2897 ms]
|   24s decided: “yoghurt” scored highest (5: value 10, reach 0.97, seen before ×0.50); 2 opted-in in view
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
|   86s visit 1 begins
|   87s visit 1 is in dairy
|   87s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
results yoghurt
|       loud: 2 reached, 2 saw, 1 bought
|       plain: 1 reached, 1 saw, 0 bought
|       cannot tell yet whether “loud” sells more than “plain”: 3 of about 3100 visits needed
