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
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “nappies”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
mai,lan at dairy for 12
|   13s visit 2 begins
|   14s visit 2 is in dairy
mai,lan,tam at dairy for 12
|   25s visit 3 begins
|   25s fetch the profile of tam
|   26s visit 3 is in dairy
|   32s decided: “nappies” scored highest (10: value 10, reach 1.00); 3 opted-in in view
|   32s commit reserved nappies for mai
|   32s SHOW nappies for 5000 ms (revision 1)
|   32s painted
|   36s decided: “nappies” scored highest (5: value 10, reach 1.00, seen before ×0.50); 3 opted-in in view
|   36s commit reserved nappies for mai
|   36s SHOW nappies for 5000 ms (revision 2)
|   36s commit exposed nappies painted 4000 ms, seen by []
|   36s painted
silence for 100
|   40s decided: “nappies” scored highest (3: value 10, reach 0.94, seen before ×0.33); 3 opted-in in view
|   40s commit reserved nappies for mai
|   40s SHOW nappies for 5000 ms (revision 3)
|   40s commit exposed nappies painted 4000 ms, seen by []
|   40s painted
|   44s decided: house loop: 3 opted-in in view; nearest was “nappies”: everybody who qualifies has seen it often enough
|   45s commit exposed nappies painted 5000 ms, seen by []
|   66s visit 1 ends
|   66s visit 3 ends
|   66s visit 2 ends
lan,tam at dairy for 20
|  137s visit 4 begins
|  137s visit 5 begins
|  137s fetch the profile of tam
|  138s visit 4 is in dairy
|  138s visit 5 is in dairy
