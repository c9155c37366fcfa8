# The screen does not confirm: sent again, given up, cleared when it is back. The charge stands, for it may have been seen.
offer yoghurt zone=dairy cap=2/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
screen mute
mai at dairy for 16
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 10000 ms (revision 1)
|    3s SHOW yoghurt for 10000 ms (revision 1)
|    5s SHOW yoghurt for 10000 ms (revision 1)
|    7s SHOW yoghurt for 10000 ms (revision 1)
|    9s SHOW yoghurt for 10000 ms (revision 1)
|   11s the screen does not answer
screen talk
|   16s CLEAR (revision 2)
|   16s cleared
mai at dairy for 12
|   17s decided: “yoghurt” scored highest (5: value 10, reach 0.97, seen before ×0.50); 1 opted-in in view
|   17s commit reserved yoghurt for mai
|   17s SHOW yoghurt for 10000 ms (revision 3)
|   17s painted
|   26s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
|   27s commit exposed yoghurt painted 10000 ms, seen by []
