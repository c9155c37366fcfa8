# The screen refuses the picture: the budget gets it back, the screen rests.
offer yoghurt zone=dairy budget=1 cap=9/9
screen hello
screen rejects
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 10
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 10000 ms (revision 1)
|    2s commit released
|    2s CLEAR (revision 2)
|    2s cleared
screen accepts
mai at dairy for 28
|   32s decided: “yoghurt” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|   32s commit reserved yoghurt for mai
|   32s SHOW yoghurt for 10000 ms (revision 3)
|   32s painted
