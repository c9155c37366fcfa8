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
|    2s visit 1 is in dairy
|    2s decided: “cheese” scored highest (15: value 20, reach 0.74); 1 opted-in in view
|    2s commit reserved cheese for mai
|    2s SHOW cheese for 30000 ms (revision 1)
|    2s painted
screen rejects
mai at dairy for 8
|   10s decided: “yoghurt” scored highest (60: value 60, reach 1.00); 1 opted-in in view
|   10s commit reserved yoghurt for mai
|   10s SHOW yoghurt for 30000 ms (revision 2)
|   10s commit released
|   10s commit exposed cheese painted 8000 ms, seen by []
|   10s CLEAR (revision 3)
|   10s cleared
screen accepts
screen hello
mai at dairy for 3
