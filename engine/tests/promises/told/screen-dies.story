# The screen does not confirm: sent again, given up, cleared when it is back. The charge stands, for it may have been seen.
offer yoghurt zone=dairy cap=2/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
screen mute
mai at dairy for 16
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 10000 ms (revision 1)
|    4s SHOW yoghurt for 10000 ms (revision 1)
|    6s SHOW yoghurt for 10000 ms (revision 1)
|    8s SHOW yoghurt for 10000 ms (revision 1)
|   10s SHOW yoghurt for 10000 ms (revision 1)
|   12s the screen does not answer
screen talk
|   16s CLEAR (revision 2)
|   16s cleared
mai at dairy for 12
|   17s decided: “yoghurt” scored highest (5: value 10, reach 1.00, seen before ×0.50); 1 opted-in in view
|   17s commit reserved yoghurt for mai
|   17s SHOW yoghurt for 10000 ms (revision 3)
|   17s painted
|   26s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|   27s commit exposed yoghurt painted 10000 ms, seen by []
