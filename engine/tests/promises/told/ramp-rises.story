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
|    0s visit 1 begins
|    1s visit 1 is in dairy
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: it is not let loose on anybody here yet: its ramp goes on by itself
|    1s commit reached mai with yoghurt as Waiting, while it ramps
|    1s the ramp of yoghurt: let loose on 50 %
|    1s commit ramped yoghurt at 500 ‰ after 0 s and 0 showings
mai at door for 4
|   11s visit 1 is in door
lan at dairy for 8
|   12s visit 2 begins
|   13s visit 2 is in dairy
|   13s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|   13s commit reached lan with yoghurt as Shown, while it ramps
|   13s commit reserved yoghurt for lan
|   13s SHOW yoghurt for 3000 ms (revision 1)
|   13s painted
|   16s commit exposed yoghurt painted 3000 ms, seen by [mai 735 ms, lan 2903 ms]
|   16s decided: “yoghurt” scored highest (5: value 10, reach 0.97, seen before ×0.50); 1 opted-in in view
|   16s commit reserved yoghurt for lan
|   16s SHOW yoghurt for 3000 ms (revision 2)
|   16s painted
|   19s commit exposed yoghurt painted 3000 ms, seen by [mai 1083 ms, lan 2924 ms]
|   19s decided: “yoghurt” scored highest (3: value 10, reach 0.98, seen before ×0.33); 2 opted-in in view
|   19s commit reserved yoghurt for lan
|   19s SHOW yoghurt for 3000 ms (revision 3)
|   19s painted
lan at door for 4
|   22s commit exposed yoghurt painted 3000 ms, seen by [mai 1339 ms, lan 2003 ms]
|   22s decided: “yoghurt” scored highest (1: value 10, reach 0.32, seen before ×0.25); 2 opted-in in view
|   22s commit reserved yoghurt for lan
|   22s SHOW yoghurt for 3000 ms (revision 4)
|   22s painted
|   23s visit 2 is in door
# Whoever was inside stays inside. The clock jumps: nothing follows from that.
clock ahead 48
hoa at dairy for 8
|   24s visit 3 begins
|   25s visit 3 is in dairy
|   25s commit exposed yoghurt painted 3000 ms, seen by [mai 1533 ms, lan 298 ms, hoa 855 ms]
|   25s decided: “yoghurt” scored highest (9: value 10, reach 0.86); 2 opted-in in view
|   25s commit reached hoa with yoghurt as Shown, while it ramps
|   25s commit reserved yoghurt for hoa
|   25s SHOW yoghurt for 3000 ms (revision 5)
|   25s painted
|   28s commit exposed yoghurt painted 3000 ms, seen by [mai 1679 ms, lan 723 ms, hoa 2905 ms]
|   28s decided: “yoghurt” scored highest (5: value 10, reach 0.98, seen before ×0.50); 2 opted-in in view
|   28s commit reserved yoghurt for hoa
|   28s SHOW yoghurt for 3000 ms (revision 6)
|   28s painted
|   31s commit exposed yoghurt painted 3000 ms, seen by [mai 1790 ms, lan 1074 ms, hoa 2922 ms]
|   31s decided: “yoghurt” scored highest (3: value 10, reach 0.97, seen before ×0.33); 3 opted-in in view
|   31s commit reserved yoghurt for hoa
|   31s the ramp of yoghurt: let loose on 100 %
|   31s commit ramped yoghurt at 1000 ‰ after 0 s and 0 showings
|   31s SHOW yoghurt for 3000 ms (revision 7)
|   31s painted
results yoghurt
|       let loose on everybody
clock lost
hoa at dairy for 20
|   33s commit exposed yoghurt painted 2000 ms, seen by [mai 1241 ms, lan 864 ms, hoa 1949 ms]
|   33s CLEAR (revision 8)
|   33s cleared
|   34s decided: house loop: 3 opted-in in view; nearest was “yoghurt”: the date is not known
|   42s visit 1 ends
results yoghurt
|       let loose on everybody
clock found
hoa at dairy for 12
|   53s decided: “yoghurt” scored highest (2: value 10, reach 0.97, seen before ×0.25); 2 opted-in in view
|   53s commit reserved yoghurt for hoa
|   53s SHOW yoghurt for 3000 ms (revision 9)
|   53s painted
|   54s visit 2 ends
|   56s commit exposed yoghurt painted 3000 ms, seen by [hoa 2914 ms]
|   56s decided: “yoghurt” scored highest (2: value 10, reach 0.97, seen before ×0.20); 1 opted-in in view
|   56s commit reserved yoghurt for hoa
|   56s SHOW yoghurt for 3000 ms (revision 10)
|   56s painted
|   59s commit exposed yoghurt painted 3000 ms, seen by [hoa 2902 ms]
|   59s decided: “yoghurt” scored highest (2: value 10, reach 0.97, seen before ×0.17); 1 opted-in in view
|   59s commit reserved yoghurt for hoa
|   59s SHOW yoghurt for 3000 ms (revision 11)
|   59s painted
|   62s commit exposed yoghurt painted 3000 ms, seen by [hoa 2906 ms]
|   62s decided: “yoghurt” scored highest (1: value 10, reach 0.97, seen before ×0.14); 1 opted-in in view
|   62s commit reserved yoghurt for hoa
|   62s SHOW yoghurt for 3000 ms (revision 12)
|   62s painted
restart
screen hello
|  124s CLEAR (revision 1)
|  124s cleared
results yoghurt
|       let loose on everybody
lan at dairy for 8
|  124s visit 1 begins
|  125s visit 1 is in dairy
|  125s decided: “yoghurt” scored highest (9: value 10, reach 0.88); 1 opted-in in view
|  125s commit reached lan with yoghurt as Shown
|  125s commit reserved yoghurt for lan
|  125s SHOW yoghurt for 3000 ms (revision 2)
|  125s painted
|  128s commit exposed yoghurt painted 3000 ms, seen by [lan 2903 ms]
|  128s decided: “yoghurt” scored highest (5: value 10, reach 0.97, seen before ×0.50); 1 opted-in in view
|  128s commit reserved yoghurt for lan
|  128s SHOW yoghurt for 3000 ms (revision 3)
|  128s painted
|  131s commit exposed yoghurt painted 3000 ms, seen by [lan 2924 ms]
|  131s decided: “yoghurt” scored highest (3: value 10, reach 0.98, seen before ×0.33); 1 opted-in in view
|  131s commit reserved yoghurt for lan
|  131s SHOW yoghurt for 3000 ms (revision 4)
|  131s painted
results yoghurt
|       let loose on everybody
