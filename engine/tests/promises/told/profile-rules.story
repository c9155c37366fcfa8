# Each rule about profiles stops the offer until somebody fits it; what is unknown never fits.
offer regulars zone=dairy class=segment visits=5- shown=5
offer winback zone=dairy class=segment away=30- shown=5
offer english zone=dairy class=segment speaks=en shown=5
offer cheese zone=dairy class=segment likes=dairy:40 shown=5
census regulars 500
census winback 500
census english 500
census cheese 500
screen hello
enrol an offers
|    0s keep the profile of an
|    0s commit enrolled an v1 for 1 purposes
|    0s answer Done
enrol binh offers
|    0s keep the profile of binh
|    0s commit enrolled binh v1 for 1 purposes
|    0s answer Done
enrol mai offers,personalisation visits=4 speaks=vi likes=dairy:30
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai,an,binh at dairy for 6
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “winback”: nobody who opted in is where it wants people
|    1s visit 2 begins
|    1s visit 3 begins
|    2s visit 1 is in dairy
|    2s visit 2 is in dairy
|    2s visit 3 is in dairy
enrol mai offers,personalisation version=2 visits=4 speaks=en-GB likes=dairy:30
|    6s keep the profile of mai
|    6s commit enrolled mai v2 for 2 purposes
|    6s answer Done
|    6s fetch the profile of mai
mai,an,binh at dairy for 12
|    7s decided: “english” scored highest (10: value 10, reach 1.00); 3 opted-in in view
|    7s commit reserved english for mai
|    7s SHOW english for 5000 ms (revision 1)
|    7s painted
|   11s decided: house loop: 3 opted-in in view; nearest was “english”: everybody who qualifies has seen it often enough
|   12s commit exposed english painted 5000 ms, seen by []
enrol mai offers,personalisation version=3 visits=5 away=29 likes=dairy:40
|   18s keep the profile of mai
|   18s commit enrolled mai v3 for 2 purposes
|   18s answer Done
|   18s fetch the profile of mai
mai,an,binh at dairy for 14
|   19s decided: “cheese” scored highest (10: value 10, reach 1.00); 3 opted-in in view
|   19s commit reserved cheese for mai
|   19s SHOW cheese for 5000 ms (revision 2)
|   19s painted
|   23s decided: “regulars” scored highest (10: value 10, reach 1.00); 3 opted-in in view
|   23s commit reserved regulars for mai
|   23s SHOW regulars for 5000 ms (revision 3)
|   23s commit exposed cheese painted 4000 ms, seen by []
|   23s painted
|   27s decided: house loop: 3 opted-in in view; nearest was “regulars”: everybody who qualifies has seen it often enough
|   28s commit exposed regulars painted 5000 ms, seen by []
enrol mai offers,personalisation version=4 away=30
|   32s keep the profile of mai
|   32s commit enrolled mai v4 for 2 purposes
|   32s answer Done
|   32s fetch the profile of mai
mai,an,binh at dairy for 8
|   33s decided: “winback” scored highest (10: value 10, reach 1.00); 3 opted-in in view
|   33s commit reserved winback for mai
|   33s SHOW winback for 5000 ms (revision 4)
|   33s painted
|   37s decided: house loop: 3 opted-in in view; nearest was “winback”: everybody who qualifies has seen it often enough
|   38s commit exposed winback painted 5000 ms, seen by []
