# The player paints, its word is lost, it begins anew and refuses: the charge stays.
offer yoghurt zone=dairy budget=1 cap=9/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
screen mute
mai at dairy for 3
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 10000 ms (revision 1)
screen rejects
screen talk
screen hello
|    3s SHOW yoghurt for 10000 ms (revision 1)
|    3s CLEAR (revision 2)
|    3s cleared
mai at dairy for 5
screen accepts
mai at dairy for 40
|   33s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: its budget is used up
