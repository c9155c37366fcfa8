# What was learned of an offer on a screen is a factor of its score, and is said.
offer cheese zone=dairy shown=8 priority=20
offer yoghurt zone=dairy shown=8 priority=30
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
learn cheese 2.5
mai at dairy for 12
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “cheese” scored highest (37: value 20, reach 0.74, learned ×2.50); 1 opted-in in view
|    2s commit reserved cheese for mai
|    2s SHOW cheese for 8000 ms (revision 1)
|    2s painted
|    9s decided: “yoghurt” scored highest (30: value 30, reach 1.00); 1 opted-in in view
|    9s commit reserved yoghurt for mai
|    9s SHOW yoghurt for 8000 ms (revision 2)
|    9s commit exposed cheese painted 7000 ms, seen by []
|    9s painted
