# A family offer points at nobody: not with fewer than three people in view, not right after somebody came or went, and never without personalisation.
offer nappies zone=dairy class=segment segment=family shown=5 cap=3/9
screen hello
enrol mai offers,personalisation segment=family
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers segment=family
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 1 purposes
|    0s answer Done
enrol tam offers,personalisation segment=family minor
|    0s keep the profile of tam
|    0s commit enrolled tam v1 for 2 purposes
|    0s answer Done
census nappies 500
mai at dairy for 12
|    0s visit 1 begins
|    0s fetch the profile of mai
|    1s visit 1 is in dairy
|    1s decided: house loop: 1 opted-in in view; nearest was “nappies”: too few people about for it not to point at one
mai,lan at dairy for 12
|   12s visit 2 begins
|   13s visit 2 is in dairy
mai,lan,tam at dairy for 12
|   24s visit 3 begins
|   24s fetch the profile of tam
|   25s visit 3 is in dairy
|   29s decided: “nappies” scored highest (10: value 10, reach 0.97); 3 opted-in in view
|   29s commit reserved nappies for mai
|   29s SHOW nappies for 5000 ms (revision 1)
|   29s painted
|   33s decided: “nappies” scored highest (5: value 10, reach 0.97, seen before ×0.50); 3 opted-in in view
|   33s commit reserved nappies for mai
|   33s SHOW nappies for 5000 ms (revision 2)
|   33s commit exposed nappies painted 4000 ms, seen by []
|   33s painted
silence for 100
|   37s decided: “nappies” scored highest (3: value 10, reach 0.92, seen before ×0.33); 3 opted-in in view
|   37s commit reserved nappies for mai
|   37s SHOW nappies for 5000 ms (revision 3)
|   37s commit exposed nappies painted 4000 ms, seen by []
|   37s painted
|   41s decided: house loop: 3 opted-in in view; nearest was “nappies”: everybody who qualifies has seen it often enough
|   42s commit exposed nappies painted 5000 ms, seen by []
|   66s visit 1 ends
|   66s visit 3 ends
|   66s visit 2 ends
lan,tam at dairy for 20
|  136s visit 4 begins
|  136s visit 5 begins
|  136s fetch the profile of tam
|  137s visit 4 is in dairy
|  137s visit 5 is in dairy
