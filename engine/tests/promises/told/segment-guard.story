# A family offer points at nobody: not for one person alone, not right after an arrival, and never without personalisation.
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
mai at dairy for 8
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “nappies”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
census nappies 500
mai at dairy for 12
|    9s decided: “nappies” scored highest (9: value 10, reach 0.92); 1 opted-in in view
|    9s commit reserved nappies for mai
|    9s SHOW nappies for 5000 ms (revision 1)
|    9s painted
|   13s decided: “nappies” scored highest (5: value 10, reach 0.92, seen before ×0.50); 1 opted-in in view
|   13s commit reserved nappies for mai
|   13s SHOW nappies for 5000 ms (revision 2)
|   13s commit exposed nappies painted 4000 ms, seen by []
|   13s painted
|   17s decided: “nappies” scored highest (3: value 10, reach 0.92, seen before ×0.33); 1 opted-in in view
|   17s commit reserved nappies for mai
|   17s SHOW nappies for 5000 ms (revision 3)
|   17s commit exposed nappies painted 4000 ms, seen by []
|   17s painted
lan at dairy for 40
|   21s visit 2 begins
|   21s decided: house loop: 2 opted-in in view; nearest was “nappies”: everybody who qualifies has seen it often enough
|   22s visit 2 is in dairy
|   22s commit exposed nappies painted 5000 ms, seen by []
|   50s visit 1 ends
tam at dairy for 40
|   61s visit 3 begins
|   61s fetch the profile of tam
|   62s visit 3 is in dairy
|   90s visit 2 ends
