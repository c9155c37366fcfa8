# The screen refuses the next picture, then its player restarts: the older one is not sent under its old number again.
offer cheese zone=dairy shown=30 priority=20
offer yoghurt zone=dairy shown=30 priority=60 dwell=8
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 6
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “cheese” scored highest (18: value 20, reach 0.88); 1 opted-in in view
|    1s commit reserved cheese for mai
|    1s SHOW cheese for 30000 ms (revision 1)
|    1s painted
screen rejects
mai at dairy for 8
|    9s decided: “yoghurt” scored highest (58: value 60, reach 0.97); 1 opted-in in view
|    9s commit reserved yoghurt for mai
|    9s SHOW yoghurt for 30000 ms (revision 2)
|    9s commit released
|    9s commit exposed cheese painted 8000 ms, seen by []
|    9s CLEAR (revision 3)
|    9s cleared
screen accepts
screen hello
mai at dairy for 3
