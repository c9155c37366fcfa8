# A shopper takes the consent back on a day on which the offer did not reach her: it is no word against it.
offer yoghurt zone=dairy shown=3 ramp=500,1000 every=1000000 showings=1
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers,measurement
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 2 purposes
|    0s answer Done
lan at dairy for 8
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    1s the ramp of yoghurt: let loose on 50 %
|    1s commit ramped yoghurt at 500 ‰ after 0 s and 0 showings
|    2s visit 1 is in dairy
|    2s commit reached lan with yoghurt as Shown, while it ramps
|    2s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 1 opted-in in view
|    2s commit reserved yoghurt for lan
|    2s SHOW yoghurt for 3000 ms (revision 1)
|    2s painted
|    5s commit exposed yoghurt painted 3000 ms, seen by [lan 2927 ms]
|    5s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everybody who qualifies has seen it often enough
wait 1500
withdraw lan
| 90008s visit 1 ends
| 90008s commit withdrawn lan from 4 purposes
| 90008s answer Done
