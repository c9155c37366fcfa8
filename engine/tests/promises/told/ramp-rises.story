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
|    1s visit 1 is in dairy
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: it is not let loose on anybody here yet: its ramp goes on by itself
|    1s commit reached mai with yoghurt as Waiting, while it ramps
|    1s the ramp of yoghurt: let loose on 50 %
|    1s commit ramped yoghurt at 500 ‰ after 0 s and 0 showings
mai at door for 4
|   11s visit 1 is in door
lan at dairy for 8
|   13s visit 2 begins
|   13s visit 2 is in dairy
|   13s decided: “yoghurt” scored highest (6: value 10, reach 0.62); 1 opted-in in view
|   13s commit reached lan with yoghurt as Shown, while it ramps
|   13s commit reserved yoghurt for lan
|   13s SHOW yoghurt for 3000 ms (revision 1)
|   13s painted
|   16s commit exposed yoghurt painted 3000 ms, seen by [mai 715 ms, lan 2485 ms]
|   16s decided: “yoghurt” scored highest (4: value 10, reach 0.88, seen before ×0.50); 1 opted-in in view
|   16s commit reserved yoghurt for lan
|   16s SHOW yoghurt for 3000 ms (revision 2)
|   16s painted
|   19s commit exposed yoghurt painted 3000 ms, seen by [mai 1067 ms, lan 2769 ms]
|   19s decided: “yoghurt” scored highest (3: value 10, reach 0.94, seen before ×0.33); 2 opted-in in view
|   19s commit reserved yoghurt for lan
|   19s SHOW yoghurt for 3000 ms (revision 3)
|   19s painted
lan at door for 4
|   22s commit exposed yoghurt painted 3000 ms, seen by [mai 1328 ms, lan 2278 ms]
|   22s decided: “yoghurt” scored highest (1: value 10, reach 0.50, seen before ×0.25); 2 opted-in in view
|   22s commit reserved yoghurt for lan
|   22s SHOW yoghurt for 3000 ms (revision 4)
|   22s painted
|   23s visit 2 is in door
# Whoever was inside stays inside. The clock jumps: nothing follows from that.
clock ahead 48
hoa at dairy for 8
|   25s visit 3 begins
|   25s visit 3 is in door
|   25s commit exposed yoghurt painted 3000 ms, seen by [mai 1525 ms, lan 469 ms, hoa 605 ms]
|   25s decided: house loop: 2 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|   26s visit 3 is in dairy
|   26s decided: “yoghurt” scored highest (7: value 10, reach 0.74); 2 opted-in in view
|   26s commit reached hoa with yoghurt as Shown, while it ramps
|   26s commit reserved yoghurt for hoa
|   26s SHOW yoghurt for 3000 ms (revision 5)
|   26s painted
|   29s commit exposed yoghurt painted 3000 ms, seen by [mai 1715 ms, lan 836 ms, hoa 2659 ms]
|   29s decided: “yoghurt” scored highest (5: value 10, reach 0.92, seen before ×0.50); 3 opted-in in view
|   29s commit reserved yoghurt for hoa
|   29s SHOW yoghurt for 3000 ms (revision 6)
|   29s painted
|   31s the ramp of yoghurt: let loose on 100 %
|   31s commit ramped yoghurt at 1000 ‰ after 0 s and 0 showings
|   32s commit exposed yoghurt painted 3000 ms, seen by [mai 1817 ms, lan 1155 ms, hoa 2782 ms]
|   32s decided: “yoghurt” scored highest (3: value 10, reach 0.93, seen before ×0.33); 3 opted-in in view
|   32s commit reserved yoghurt for hoa
|   32s SHOW yoghurt for 3000 ms (revision 7)
|   32s painted
results yoghurt
|       let loose on everybody
clock lost
hoa at dairy for 20
|   33s commit exposed yoghurt painted 1000 ms, seen by [mai 624 ms, lan 441 ms, hoa 942 ms]
|   33s CLEAR (revision 8)
|   33s cleared
|   34s decided: house loop: 3 opted-in in view; nearest was “yoghurt”: the date is not known
|   42s visit 1 ends
results yoghurt
|       let loose on everybody
clock found
hoa at dairy for 12
|   53s decided: “yoghurt” scored highest (2: value 10, reach 0.93, seen before ×0.25); 2 opted-in in view
|   53s commit reserved yoghurt for hoa
|   53s SHOW yoghurt for 3000 ms (revision 9)
|   53s painted
|   54s visit 2 ends
|   56s commit exposed yoghurt painted 3000 ms, seen by [hoa 2822 ms]
|   56s decided: “yoghurt” scored highest (2: value 10, reach 0.95, seen before ×0.20); 1 opted-in in view
|   56s commit reserved yoghurt for hoa
|   56s SHOW yoghurt for 3000 ms (revision 10)
|   56s painted
|   59s commit exposed yoghurt painted 3000 ms, seen by [hoa 2808 ms]
|   59s decided: “yoghurt” scored highest (2: value 10, reach 0.93, seen before ×0.17); 1 opted-in in view
|   59s commit reserved yoghurt for hoa
|   59s SHOW yoghurt for 3000 ms (revision 11)
|   59s painted
|   62s commit exposed yoghurt painted 3000 ms, seen by [hoa 2803 ms]
|   62s decided: “yoghurt” scored highest (1: value 10, reach 0.93, seen before ×0.14); 1 opted-in in view
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
|  125s visit 1 begins
|  125s visit 1 is in dairy
|  125s decided: “yoghurt” scored highest (6: value 10, reach 0.62); 1 opted-in in view
|  125s commit reached lan with yoghurt as Shown
|  125s commit reserved yoghurt for lan
|  125s SHOW yoghurt for 3000 ms (revision 2)
|  125s painted
|  128s commit exposed yoghurt painted 3000 ms, seen by [lan 2485 ms]
|  128s decided: “yoghurt” scored highest (4: value 10, reach 0.88, seen before ×0.50); 1 opted-in in view
|  128s commit reserved yoghurt for lan
|  128s SHOW yoghurt for 3000 ms (revision 3)
|  128s painted
|  131s commit exposed yoghurt painted 3000 ms, seen by [lan 2769 ms]
|  131s decided: “yoghurt” scored highest (3: value 10, reach 0.94, seen before ×0.33); 1 opted-in in view
|  131s commit reserved yoghurt for lan
|  131s SHOW yoghurt for 3000 ms (revision 4)
|  131s painted
results yoghurt
|       let loose on everybody
