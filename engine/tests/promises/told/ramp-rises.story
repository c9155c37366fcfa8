# A ramp lets more in step by step, by running time and showings together. A clock that jumps ahead or is lost advances nothing, and a restart forgets nothing.
offer yoghurt zone=dairy shown=3 cap=20/90 ramp=500,1000 every=30 showings=2
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers,measurement
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 2 purposes
|    0s answer Done
enrol hoa offers,measurement
|    0s keep the profile of hoa
|    0s commit enrolled hoa v1 for 2 purposes
|    0s answer Done
mai at dairy for 8
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    1s the ramp of yoghurt: let loose on 50 %
|    1s commit ramped yoghurt at 500 ‰ after 0 s and 0 showings
|    2s visit 1 is in dairy
|    2s commit reached mai with yoghurt as Waiting, while it ramps
mai at door for 4
|   12s visit 1 is in door
lan at dairy for 8
|   13s visit 2 begins
|   14s visit 2 is in dairy
|   14s commit reached lan with yoghurt as Shown, while it ramps
|   14s decided: “yoghurt” scored highest (8: value 10, reach 0.84); 1 opted-in in view
|   14s commit reserved yoghurt for lan
|   14s SHOW yoghurt for 3000 ms (revision 1)
|   14s painted
|   17s commit exposed yoghurt painted 3000 ms, seen by [mai 477 ms, lan 2943 ms]
|   17s decided: “yoghurt” scored highest (5: value 10, reach 0.99, seen before ×0.50); 1 opted-in in view
|   17s commit reserved yoghurt for lan
|   17s SHOW yoghurt for 3000 ms (revision 2)
|   17s painted
|   20s commit exposed yoghurt painted 3000 ms, seen by [mai 836 ms, lan 2988 ms]
|   20s decided: “yoghurt” scored highest (3: value 10, reach 1.00, seen before ×0.33); 2 opted-in in view
|   20s commit reserved yoghurt for lan
|   20s SHOW yoghurt for 3000 ms (revision 3)
|   20s painted
lan at door for 4
|   23s commit exposed yoghurt painted 3000 ms, seen by [mai 1152 ms, lan 1920 ms]
|   23s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|   24s visit 2 is in door
# Whoever was inside stays inside. The clock jumps: nothing follows from that.
clock ahead 48
hoa at dairy for 8
|   25s visit 3 begins
|   26s visit 3 is in dairy
|   26s commit reached hoa with yoghurt as Shown, while it ramps
|   26s decided: “yoghurt” scored highest (8: value 10, reach 0.83); 2 opted-in in view
|   26s commit reserved yoghurt for hoa
|   26s SHOW yoghurt for 3000 ms (revision 4)
|   26s painted
|   29s commit exposed yoghurt painted 3000 ms, seen by [mai 1629 ms, lan 493 ms, hoa 2948 ms]
|   29s decided: “yoghurt” scored highest (5: value 10, reach 0.99, seen before ×0.50); 2 opted-in in view
|   29s commit reserved yoghurt for hoa
|   29s SHOW yoghurt for 3000 ms (revision 5)
|   29s painted
|   31s the ramp of yoghurt: let loose on 100 %
|   31s commit ramped yoghurt at 1000 ‰ after 0 s and 0 showings
|   32s commit exposed yoghurt painted 3000 ms, seen by [mai 1796 ms, lan 850 ms, hoa 2986 ms]
|   32s decided: “yoghurt” scored highest (3: value 10, reach 1.00, seen before ×0.33); 3 opted-in in view
|   32s commit reserved yoghurt for hoa
|   32s SHOW yoghurt for 3000 ms (revision 6)
|   32s painted
results yoghurt
|       let loose on everybody
clock lost
hoa at dairy for 20
|   33s commit exposed yoghurt painted 1000 ms, seen by [mai 629 ms, lan 355 ms, hoa 997 ms]
|   33s CLEAR (revision 7)
|   33s cleared
|   34s decided: house loop: 3 opted-in in view; nearest was “yoghurt”: the date is not known
|   42s visit 1 ends
results yoghurt
|       let loose on everybody
clock found
hoa at dairy for 12
|   53s decided: “yoghurt” scored highest (2: value 10, reach 1.00, seen before ×0.25); 2 opted-in in view
|   53s commit reserved yoghurt for hoa
|   53s SHOW yoghurt for 3000 ms (revision 8)
|   53s painted
|   54s visit 2 ends
|   56s commit exposed yoghurt painted 3000 ms, seen by [hoa 2994 ms]
|   56s decided: “yoghurt” scored highest (2: value 10, reach 1.00, seen before ×0.20); 1 opted-in in view
|   56s commit reserved yoghurt for hoa
|   56s SHOW yoghurt for 3000 ms (revision 9)
|   56s painted
|   59s commit exposed yoghurt painted 3000 ms, seen by [hoa 2993 ms]
|   59s decided: “yoghurt” scored highest (2: value 10, reach 1.00, seen before ×0.17); 1 opted-in in view
|   59s commit reserved yoghurt for hoa
|   59s SHOW yoghurt for 3000 ms (revision 10)
|   59s painted
|   62s commit exposed yoghurt painted 3000 ms, seen by [hoa 2993 ms]
|   62s decided: “yoghurt” scored highest (1: value 10, reach 1.00, seen before ×0.14); 1 opted-in in view
|   62s commit reserved yoghurt for hoa
|   62s SHOW yoghurt for 3000 ms (revision 11)
|   62s painted
restart
screen hello
|  124s CLEAR (revision 1)
|  124s cleared
results yoghurt
|       let loose on everybody
lan at dairy for 8
|  125s visit 1 begins
|  125s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|  126s visit 1 is in dairy
|  126s commit reached lan with yoghurt as Shown
|  126s decided: “yoghurt” scored highest (8: value 10, reach 0.84); 1 opted-in in view
|  126s commit reserved yoghurt for lan
|  126s SHOW yoghurt for 3000 ms (revision 2)
|  126s painted
|  129s commit exposed yoghurt painted 3000 ms, seen by [lan 2943 ms]
|  129s decided: “yoghurt” scored highest (5: value 10, reach 0.99, seen before ×0.50); 1 opted-in in view
|  129s commit reserved yoghurt for lan
|  129s SHOW yoghurt for 3000 ms (revision 3)
|  129s painted
|  132s commit exposed yoghurt painted 3000 ms, seen by [lan 2988 ms]
|  132s decided: “yoghurt” scored highest (3: value 10, reach 1.00, seen before ×0.33); 1 opted-in in view
|  132s commit reserved yoghurt for lan
|  132s SHOW yoghurt for 3000 ms (revision 4)
|  132s painted
results yoghurt
|       let loose on everybody
