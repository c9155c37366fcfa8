# The power fails with the picture on the glass: the charge stands after the restart, the glass is cleared.
offer yoghurt zone=dairy shown=20 cap=1/5 budget=3
screen hello
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
|    2s SHOW yoghurt for 20000 ms (revision 1)
|    2s painted
restart
screen talk
|   70s CLEAR (revision 1)
|   70s cleared
mai at dairy for 20
|   71s visit 1 begins
|   71s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|   72s visit 1 is in dairy
