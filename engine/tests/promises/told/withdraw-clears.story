# Consent is taken back while the picture is on the glass: it goes at once.
offer yoghurt zone=dairy dwell=3 shown=30
screen hello
enrol mai offers,personalisation,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 3 purposes
|    0s answer Done
mai at dairy for 10
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    5s decided: “yoghurt” scored highest (10: value 10, reach 0.99); 1 opted-in in view
|    5s commit reserved yoghurt for mai
|    5s SHOW yoghurt for 30000 ms (revision 1)
|    5s painted
withdraw mai
|   10s visit 1 ends
|   10s commit exposed yoghurt painted 5000 ms, seen by []
|   10s CLEAR (revision 2)
|   10s commit withdrawn mai from 4 purposes
|   10s answer Done
|   10s cleared
mai at dairy for 10
|   11s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
