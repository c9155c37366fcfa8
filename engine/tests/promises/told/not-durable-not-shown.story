# What is not on the disk is not shown, and a power cut then loses no charge and shows nothing twice.
offer yoghurt zone=dairy
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
disk stops
mai at dairy for 10
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
restart
disk resumes
screen talk
|   70s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
mai at dairy for 6
|   71s visit 1 begins
|   72s visit 1 is in dairy
|   72s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|   72s commit reserved yoghurt for mai
|   72s SHOW yoghurt for 10000 ms (revision 1)
|   72s painted
