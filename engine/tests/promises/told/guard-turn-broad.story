# An offer for which many of the enrolled qualify has more turns: the second quarter of an hour is one of them, and without so many it is none.
turns are drawn
offer nappies zone=dairy class=segment segment=family shown=5 cap=9/9
screen hello
enrol mai offers,personalisation segment=family
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 1 purposes
|    0s answer Done
enrol tam offers
|    0s keep the profile of tam
|    0s commit enrolled tam v1 for 1 purposes
|    0s answer Done
mai,lan,tam at dairy for 20
|    0s visit 1 begins
|    0s fetch the profile of mai
|    0s visit 2 begins
|    0s visit 3 begins
|    1s visit 1 is in dairy
|    1s visit 2 is in dairy
|    1s visit 3 is in dairy
|    1s decided: house loop: 3 opted-in in view; nearest was “nappies”: it is not its turn: an offer for a segment has one quarter of an hour in several on each screen
silence for 910
|   50s visit 1 ends
|   50s visit 3 ends
|   50s visit 2 ends
mai,lan,tam at dairy for 20
|  930s visit 4 begins
|  930s fetch the profile of mai
|  930s visit 5 begins
|  930s visit 6 begins
|  931s visit 4 is in dairy
|  931s visit 5 is in dairy
|  931s visit 6 is in dairy
census nappies 500
mai,lan,tam at dairy for 20
|  951s decided: “nappies” scored highest (10: value 10, reach 0.98); 3 opted-in in view
|  951s commit reserved nappies for mai
|  951s SHOW nappies for 5000 ms (revision 1)
|  951s painted
|  955s decided: “nappies” scored highest (5: value 10, reach 0.97, seen before ×0.50); 3 opted-in in view
|  955s commit reserved nappies for mai
|  955s SHOW nappies for 5000 ms (revision 2)
|  955s commit exposed nappies painted 4000 ms, seen by []
|  955s painted
|  959s decided: “nappies” scored highest (3: value 10, reach 0.97, seen before ×0.33); 3 opted-in in view
|  959s commit reserved nappies for mai
|  959s SHOW nappies for 5000 ms (revision 3)
|  959s commit exposed nappies painted 4000 ms, seen by []
|  959s painted
|  963s decided: “nappies” scored highest (2: value 10, reach 0.97, seen before ×0.25); 3 opted-in in view
|  963s commit reserved nappies for mai
|  963s SHOW nappies for 5000 ms (revision 4)
|  963s commit exposed nappies painted 4000 ms, seen by []
|  963s painted
|  967s decided: “nappies” scored highest (2: value 10, reach 0.97, seen before ×0.20); 3 opted-in in view
|  967s commit reserved nappies for mai
|  967s SHOW nappies for 5000 ms (revision 5)
|  967s commit exposed nappies painted 4000 ms, seen by []
|  967s painted
