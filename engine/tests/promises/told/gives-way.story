# A picture for anybody gives way to one that fits who came, after its minimum dwell; one that fits half as well does not.
offer basket shown=40 priority=20
offer yoghurt zone=dairy shown=10 priority=60
offer cheese zone=dairy shown=10 priority=70
screen hello
silence for 2
|    1s decided: “basket” scored highest (2: value 20, reach 0.10); nobody in view
|    1s commit reserved basket for nobody in particular
|    1s SHOW basket for 40000 ms (revision 1)
|    1s painted
enrol mai offers
|    2s keep the profile of mai
|    2s commit enrolled mai v1 for 1 purposes
|    2s answer Done
mai at dairy for 20
|    3s visit 1 begins
|    4s visit 1 is in dairy
|    4s decided: “cheese” scored highest (54: value 70, reach 0.78); 1 opted-in in view
|    4s commit reserved cheese for mai
|    4s SHOW cheese for 10000 ms (revision 2)
|    4s commit exposed basket painted 3000 ms, seen by []
|    4s painted
|   13s decided: “yoghurt” scored highest (60: value 60, reach 1.00); 1 opted-in in view
|   13s commit reserved yoghurt for mai
|   13s SHOW yoghurt for 10000 ms (revision 3)
|   13s commit exposed cheese painted 9000 ms, seen by []
|   13s painted
|   22s decided: “basket” scored highest (20: value 20, reach 1.00); 1 opted-in in view
|   22s commit reserved basket for mai
|   22s SHOW basket for 40000 ms (revision 4)
|   22s commit exposed yoghurt painted 9000 ms, seen by []
|   22s painted
