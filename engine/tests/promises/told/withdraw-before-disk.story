# Consent is taken back while the reservation is on its way to the disk: never shown, given back.
offer yoghurt zone=dairy dwell=3
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 3
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
disk stops
mai at dairy for 4
|    5s decided: “yoghurt” scored highest (10: value 10, reach 0.99); 1 opted-in in view
|    5s commit reserved yoghurt for mai
withdraw mai
|    7s visit 1 ends
|    7s commit released
|    7s commit withdrawn mai from 4 purposes
disk resumes
|    7s answer Done
mai at dairy for 3
|    8s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
