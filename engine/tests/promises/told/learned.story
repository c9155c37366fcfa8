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
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “cheese” scored highest (44: value 20, reach 0.88, learned ×2.50); 1 opted-in in view
|    1s commit reserved cheese for mai
|    1s SHOW cheese for 8000 ms (revision 1)
|    1s painted
|    8s decided: “yoghurt” scored highest (29: value 30, reach 0.98); 1 opted-in in view
|    8s commit reserved yoghurt for mai
|    8s SHOW yoghurt for 8000 ms (revision 2)
|    8s commit exposed cheese painted 7000 ms, seen by []
|    8s painted
