# A personal offer never appears on a public screen.
offer points zone=dairy class=personal
screen hello
census points 5000
enrol mai offers,personalisation
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai at dairy for 15
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “points”: too sensitive for a public screen
|    2s visit 1 is in dairy
