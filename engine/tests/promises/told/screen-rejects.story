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
|    3s visit 1 is in dairy
|    3s decided: “yoghurt” scored highest (8); 1 opted-in in view
|    3s commit reserved yoghurt for mai
|    3s SHOW yoghurt for 10000 ms (revision 1)
|    3s commit released
|    3s CLEAR (revision 2)
|    3s cleared
screen accepts
mai at dairy for 28
|   33s decided: “yoghurt” scored highest (9); 1 opted-in in view
|   33s commit reserved yoghurt for mai
|   33s SHOW yoghurt for 10000 ms (revision 3)
|   33s painted
