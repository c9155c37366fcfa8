# One picture in five is drawn evenly from all that nothing stops; what a rule stops is never drawn.
offer cheese zone=dairy shown=5 priority=90 cap=20/20
offer yoghurt zone=dairy shown=5 priority=10 cap=20/20
offer salmon zone=tea shown=5 priority=10 cap=20/20
explore 20
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 40
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: “cheese” scored highest (79: value 90, reach 0.88); 1 opted-in in view
|    1s commit reserved cheese for mai
|    1s SHOW cheese for 5000 ms (revision 1)
|    1s painted
|    5s decided: “cheese” scored highest (44: value 90, reach 0.98, seen before ×0.50); 1 opted-in in view
|    5s commit reserved cheese for mai
|    5s SHOW cheese for 5000 ms (revision 2)
|    5s commit exposed cheese painted 4000 ms, seen by []
|    5s painted
|    9s decided: “cheese” scored highest (29: value 90, reach 0.97, seen before ×0.33); 1 opted-in in view
|    9s commit reserved cheese for mai
|    9s SHOW cheese for 5000 ms (revision 3)
|    9s commit exposed cheese painted 4000 ms, seen by []
|    9s painted
|   13s decided: “cheese” scored highest (22: value 90, reach 0.98, seen before ×0.25); 1 opted-in in view
|   13s commit reserved cheese for mai
|   13s SHOW cheese for 5000 ms (revision 4)
|   13s commit exposed cheese painted 4000 ms, seen by []
|   13s painted
|   17s decided: “cheese” scored highest (18: value 90, reach 0.97, seen before ×0.20); 1 opted-in in view
|   17s commit reserved cheese for mai
|   17s SHOW cheese for 5000 ms (revision 5)
|   17s commit exposed cheese painted 4000 ms, seen by []
|   17s painted
|   21s decided: “cheese” scored highest (15: value 90, reach 0.97, seen before ×0.17); 1 opted-in in view
|   21s commit reserved cheese for mai
|   21s SHOW cheese for 5000 ms (revision 6)
|   21s commit exposed cheese painted 4000 ms, seen by []
|   21s painted
|   25s decided: “cheese” scored highest (12: value 90, reach 0.97, seen before ×0.14); 1 opted-in in view
|   25s commit reserved cheese for mai
|   25s SHOW cheese for 5000 ms (revision 7)
|   25s commit exposed cheese painted 4000 ms, seen by []
|   25s painted
|   29s decided: “yoghurt” was drawn to learn about it (10: value 10, reach 0.97); 1 opted-in in view
|   29s commit reserved yoghurt for mai
|   29s SHOW yoghurt for 5000 ms (revision 8)
|   29s commit exposed cheese painted 4000 ms, seen by []
|   29s painted
|   33s decided: “yoghurt” was drawn to learn about it (5: value 10, reach 0.97, seen before ×0.50); 1 opted-in in view
|   33s commit reserved yoghurt for mai
|   33s SHOW yoghurt for 5000 ms (revision 9)
|   33s commit exposed yoghurt painted 4000 ms, seen by []
|   33s painted
|   37s decided: “cheese” scored highest (11: value 90, reach 0.96, seen before ×0.13); 1 opted-in in view
|   37s commit reserved cheese for mai
|   37s SHOW cheese for 5000 ms (revision 10)
|   37s commit exposed yoghurt painted 4000 ms, seen by []
|   37s painted
