# The screen refuses the next picture, then its player restarts: the older one is not sent under its old number again.
offer cheese zone=dairy shown=30 priority=20
offer yoghurt zone=dairy shown=30 priority=60 dwell=8
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 6
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    3s visit 1 is in dairy
|    3s decided: “cheese” scored highest (16); 1 opted-in in view
|    3s commit reserved cheese for mai
|    3s SHOW cheese for 30000 ms (revision 1)
|    3s painted
screen rejects
mai at dairy for 8
|   11s decided: “yoghurt” scored highest (56); 1 opted-in in view
|   11s commit reserved yoghurt for mai
|   11s SHOW yoghurt for 30000 ms (revision 2)
|   11s commit released
|   11s commit exposed cheese painted 8000 ms, seen by []
|   11s CLEAR (revision 3)
|   11s cleared
screen accepts
screen hello
mai at dairy for 3
