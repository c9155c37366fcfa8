# A segment offer has its turn in few quarters of an hour, drawn by key: out of turn nobody's coming brings it up.
turns are drawn
offer nappies zone=dairy class=segment segment=family shown=5 cap=9/9
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
mai,lan,tam at dairy for 20
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “nappies”: it is not its turn: an offer for a segment has one quarter of an hour in several on each screen
|    1s visit 2 begins
|    1s visit 3 begins
|    2s visit 1 is in dairy
|    2s visit 2 is in dairy
|    2s visit 3 is in dairy
