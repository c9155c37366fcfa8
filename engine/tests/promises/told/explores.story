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
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “cheese” scored highest (66: value 90, reach 0.74); 1 opted-in in view
|    2s commit reserved cheese for mai
|    2s SHOW cheese for 5000 ms (revision 1)
|    2s painted
|    6s decided: “cheese” scored highest (45: value 90, reach 1.00, seen before ×0.50); 1 opted-in in view
|    6s commit reserved cheese for mai
|    6s SHOW cheese for 5000 ms (revision 2)
|    6s commit exposed cheese painted 4000 ms, seen by []
|    6s painted
|   10s decided: “cheese” scored highest (30: value 90, reach 1.00, seen before ×0.33); 1 opted-in in view
|   10s commit reserved cheese for mai
|   10s SHOW cheese for 5000 ms (revision 3)
|   10s commit exposed cheese painted 4000 ms, seen by []
|   10s painted
|   14s decided: “cheese” scored highest (22: value 90, reach 1.00, seen before ×0.25); 1 opted-in in view
|   14s commit reserved cheese for mai
|   14s SHOW cheese for 5000 ms (revision 4)
|   14s commit exposed cheese painted 4000 ms, seen by []
|   14s painted
|   18s decided: “yoghurt” was drawn to learn about it (10: value 10, reach 1.00); 1 opted-in in view
|   18s commit reserved yoghurt for mai
|   18s SHOW yoghurt for 5000 ms (revision 5)
|   18s commit exposed cheese painted 4000 ms, seen by []
|   18s painted
|   22s decided: “cheese” scored highest (18: value 90, reach 1.00, seen before ×0.20); 1 opted-in in view
|   22s commit reserved cheese for mai
|   22s SHOW cheese for 5000 ms (revision 6)
|   22s commit exposed yoghurt painted 4000 ms, seen by []
|   22s painted
|   26s decided: “yoghurt” was drawn to learn about it (5: value 10, reach 1.00, seen before ×0.50); 1 opted-in in view
|   26s commit reserved yoghurt for mai
|   26s SHOW yoghurt for 5000 ms (revision 7)
|   26s commit exposed cheese painted 4000 ms, seen by []
|   26s painted
|   30s decided: “cheese” scored highest (15: value 90, reach 1.00, seen before ×0.17); 1 opted-in in view
|   30s commit reserved cheese for mai
|   30s SHOW cheese for 5000 ms (revision 8)
|   30s commit exposed yoghurt painted 4000 ms, seen by []
|   30s painted
|   34s decided: “cheese” scored highest (13: value 90, reach 1.00, seen before ×0.14); 1 opted-in in view
|   34s commit reserved cheese for mai
|   34s SHOW cheese for 5000 ms (revision 9)
|   34s commit exposed cheese painted 4000 ms, seen by []
|   34s painted
|   38s decided: “cheese” scored highest (11: value 90, reach 1.00, seen before ×0.13); 1 opted-in in view
|   38s commit reserved cheese for mai
|   38s SHOW cheese for 5000 ms (revision 10)
|   38s commit exposed cheese painted 4000 ms, seen by []
|   38s painted
