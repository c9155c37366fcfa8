# What speaks of health, belief or children is never on a public screen, whoever stands before it.
offer test-strips zone=dairy class=sensitive segment=family
offer usual-coffee zone=dairy class=personal
screen hello
enrol mai offers,personalisation segment=family
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers,personalisation segment=family
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 2 purposes
|    0s answer Done
enrol tam offers,personalisation segment=family
|    0s keep the profile of tam
|    0s commit enrolled tam v1 for 2 purposes
|    0s answer Done
census test-strips 5000
census usual-coffee 5000
mai,lan,tam at dairy for 12
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “usual-coffee”: too sensitive for a public screen
|    1s visit 2 begins
|    1s fetch the profile of lan
|    1s visit 3 begins
|    1s fetch the profile of tam
|    2s visit 1 is in dairy
|    2s visit 2 is in dairy
|    2s visit 3 is in dairy
