# The tills take another price than the picture says: gone within a second, and not back before they agree.
offer yoghurt zone=dairy shown=60 price=29000 cap=9/9
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 3
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: a sensor it depends on is silent
|    2s visit 1 is in dairy
price 29000
mai at dairy for 4
|    4s decided: “yoghurt” scored highest (10: value 10, reach 0.98); 1 opted-in in view
|    4s commit reserved yoghurt for mai
|    4s SHOW yoghurt for 60000 ms (revision 1)
|    4s painted
price 31000
mai at dairy for 4
|    8s commit exposed yoghurt painted 4000 ms, seen by []
|    8s CLEAR (revision 2)
|    8s cleared
|    9s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: the tills take another price than its picture says
price 29000
mai at dairy for 3
|   12s decided: “yoghurt” scored highest (5: value 10, reach 1.00, seen before ×0.50); 1 opted-in in view
|   12s commit reserved yoghurt for mai
|   12s SHOW yoghurt for 60000 ms (revision 3)
|   12s painted
