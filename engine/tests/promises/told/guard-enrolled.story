# A group of few is not spoken of in public, however many people are in view.
offer nappies zone=dairy class=segment segment=family shown=5 cap=3/9
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
census nappies 99
mai,lan,tam at dairy for 12
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “nappies”: nobody who opted in is where it wants people
|    1s visit 2 begins
|    1s visit 3 begins
|    2s visit 1 is in dairy
|    2s visit 2 is in dairy
|    2s visit 3 is in dairy
census nappies 100
mai,lan,tam at dairy for 4
|   13s decided: “nappies” scored highest (10: value 10, reach 1.00); 3 opted-in in view
|   13s commit reserved nappies for mai
|   13s SHOW nappies for 5000 ms (revision 1)
|   13s painted
