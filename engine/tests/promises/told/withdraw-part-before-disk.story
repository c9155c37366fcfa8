# Measurement is taken back while the grant is on its way to the disk: what is left of it holds once it is there, as after a restart.
offer yoghurt zone=dairy
screen hello
disk stops
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
withdraw mai measurement
|    0s commit withdrawn mai from 1 purposes
disk resumes
|    0s answer Done
|    0s answer Done
mai at dairy for 3
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for mai
|    2s SHOW yoghurt for 10000 ms (revision 1)
|    2s painted
