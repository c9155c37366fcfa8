# Taking consent back is another matter: then the picture goes at once.
offer nappies zone=dairy class=segment segment=family shown=60 cap=1/1
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
census nappies 500
mai,lan,tam at dairy for 10
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “nappies”: nobody who opted in is where it wants people
|    1s visit 2 begins
|    1s visit 3 begins
|    2s visit 1 is in dairy
|    2s visit 2 is in dairy
|    2s visit 3 is in dairy
|    2s decided: “nappies” scored highest (7: value 10, reach 0.74); 3 opted-in in view
|    2s commit reserved nappies for mai
|    2s SHOW nappies for 60000 ms (revision 1)
|    2s painted
lan,tam at dairy for 40
|   40s visit 1 ends
withdraw mai personalisation
|   50s commit exposed nappies painted 48000 ms, seen by []
|   50s CLEAR (revision 2)
|   50s commit withdrawn mai from 1 purposes
|   50s answer Done
|   50s cleared
lan,tam at dairy for 5
|   51s decided: house loop: 2 opted-in in view; nearest was “nappies”: nobody in view agreed to such offers
