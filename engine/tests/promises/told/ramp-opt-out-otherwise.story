# Whoever is forgotten, or comes back with a consent that has no offers in it, has opted out too; once.
offer yoghurt zone=dairy shown=3 ramp=500,1000 every=1000 showings=1
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers,measurement
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 2 purposes
|    0s answer Done
mai at dairy for 8
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    1s the ramp of yoghurt: let loose on 50 %
|    1s commit ramped yoghurt at 500 ‰ after 0 s and 0 showings
|    2s visit 1 is in dairy
|    2s commit reached mai with yoghurt as Waiting, while it ramps
lan at dairy for 8
|    9s visit 2 begins
|   10s visit 2 is in dairy
|   10s commit reached lan with yoghurt as Shown, while it ramps
|   10s decided: “yoghurt” scored highest (8: value 10, reach 0.75); 2 opted-in in view
|   10s commit reserved yoghurt for lan
|   10s SHOW yoghurt for 3000 ms (revision 1)
|   10s painted
|   13s commit exposed yoghurt painted 3000 ms, seen by [mai 2818 ms, lan 2922 ms]
|   13s decided: house loop: 2 opted-in in view; nearest was “yoghurt”: it is not let loose on anybody here yet: its ramp goes on by itself
enrol lan measurement version=2
|   16s commit ramped yoghurt at 500 ‰ after 15 s and 1 showings
|   16s keep the profile of lan
|   16s commit enrolled lan v2 for 1 purposes
|   16s answer Done
withdraw lan offers
|   16s commit withdrawn lan from 1 purposes
|   16s answer Done
forget mai
|   16s visit 1 ends
|   16s erase mai
|   16s commit forgotten mai v1
|   16s answer Done
results yoghurt
|       let loose on 50 % of shoppers, 1 showings in 0 h of this step
