# The screen refuses the picture: the budget gets it back, the screen rests.
offer yoghurt zone=dairy budget=1 cap=9/9
screen hello
screen rejects
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 10
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|    1s commit reserved yoghurt for mai
|    1s SHOW yoghurt for 10000 ms (revision 1)
|    1s commit released
|    1s CLEAR (revision 2)
|    1s cleared
screen accepts
mai at dairy for 28
|   31s decided: “yoghurt” scored highest (10: value 10, reach 0.97); 1 opted-in in view
|   31s commit reserved yoghurt for mai
|   31s SHOW yoghurt for 10000 ms (revision 3)
|   31s painted
