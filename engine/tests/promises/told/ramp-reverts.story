# Complaints come while it is shown and not before: it is taken back by itself, cleared from the glass, and stays back over a restart until somebody lets it loose again. The same complaint twice within seconds is one.
offer yoghurt zone=dairy shown=20 cap=90/90 ramp=1000 every=100000 showings=1
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
silence for 2400
|    1s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    1s the ramp of yoghurt: let loose on 100 %
|    1s commit ramped yoghurt at 1000 ‰ after 0 s and 0 showings
complaint
| 2400s people complain at middle
| 2400s commit complaint near []
| 2400s answer Done
mai at dairy for 12
| 2401s visit 1 begins
| 2402s visit 1 is in dairy
| 2402s commit reached mai with yoghurt as Shown
| 2402s decided: “yoghurt” scored highest (8: value 10, reach 0.84); 1 opted-in in view
| 2402s commit reserved yoghurt for mai
| 2402s SHOW yoghurt for 20000 ms (revision 1)
| 2402s painted
complaint
| 2412s people complain at middle
| 2412s commit complaint near [yoghurt]
| 2412s commit ramped yoghurt at 1000 ‰ after 2411 s and 0 showings
| 2412s answer Done
complaint
| 2412s answer Done
mai at dairy for 11
| 2421s decided: “yoghurt” scored highest (5: value 10, reach 1.00, seen before ×0.50); 1 opted-in in view
| 2421s commit reserved yoghurt for mai
| 2421s SHOW yoghurt for 20000 ms (revision 2)
| 2421s commit exposed yoghurt painted 19000 ms, seen by [mai 18890 ms]
| 2421s painted
help
| 2423s people call for help at middle
| 2423s commit help near [yoghurt]
| 2423s commit ramped yoghurt at 1000 ‰ after 2422 s and 1 showings
| 2423s answer Done
bell
mai at dairy for 11
complaint
| 2434s people complain at middle
| 2434s commit complaint near [yoghurt]
| 2434s commit ramped yoghurt at 1000 ‰ after 2433 s and 1 showings
| 2434s answer Done
mai at dairy for 11
| 2440s decided: “yoghurt” scored highest (3: value 10, reach 1.00, seen before ×0.33); 1 opted-in in view
| 2440s commit reserved yoghurt for mai
| 2440s SHOW yoghurt for 20000 ms (revision 3)
| 2440s commit exposed yoghurt painted 19000 ms, seen by [mai 18961 ms]
| 2440s painted
complaint
| 2445s people complain at middle
| 2445s commit complaint near [yoghurt]
| 2445s commit ramped yoghurt at 1000 ‰ after 2444 s and 2 showings
| 2445s answer Done
mai at dairy for 11
complaint
| 2456s people complain at middle
| 2456s commit complaint near [yoghurt]
| 2456s commit ramped yoghurt at 1000 ‰ after 2455 s and 2 showings
| 2456s answer Done
mai at dairy for 11
| 2459s decided: “yoghurt” scored highest (3: value 10, reach 1.00, seen before ×0.25); 1 opted-in in view
| 2459s commit reserved yoghurt for mai
| 2459s SHOW yoghurt for 20000 ms (revision 4)
| 2459s commit exposed yoghurt painted 19000 ms, seen by [mai 18961 ms]
| 2459s painted
complaint
| 2467s people complain at middle
| 2467s commit complaint near [yoghurt]
| 2467s commit ramped yoghurt at 1000 ‰ after 2466 s and 3 showings
| 2467s answer Done
mai at dairy for 11
| 2478s decided: “yoghurt” scored highest (2: value 10, reach 1.00, seen before ×0.20); 1 opted-in in view
| 2478s commit reserved yoghurt for mai
| 2478s SHOW yoghurt for 20000 ms (revision 5)
| 2478s commit exposed yoghurt painted 19000 ms, seen by [mai 18959 ms]
| 2478s painted
complaint
| 2478s people complain at middle
| 2478s commit complaint near [yoghurt]
| 2478s commit ramped yoghurt at 1000 ‰ after 2477 s and 4 showings
| 2478s answer Done
mai at dairy for 11
complaint
| 2489s people complain at middle
| 2489s commit complaint near [yoghurt]
| 2489s commit ramped yoghurt at 1000 ‰ after 2488 s and 4 showings
| 2489s answer Done
mai at dairy for 11
| 2497s decided: “yoghurt” scored highest (2: value 10, reach 1.00, seen before ×0.17); 1 opted-in in view
| 2497s commit reserved yoghurt for mai
| 2497s SHOW yoghurt for 20000 ms (revision 6)
| 2497s commit exposed yoghurt painted 19000 ms, seen by [mai 18958 ms]
| 2497s painted
complaint
| 2500s people complain at middle
| 2500s commit complaint near [yoghurt]
| 2500s the ramp of yoghurt: taken back: people complain more often where it is shown
| 2500s commit ramped yoghurt at 0 ‰ after 0 s and 0 showings
| 2500s answer Done
mai at dairy for 11
| 2501s commit exposed yoghurt painted 4000 ms, seen by [mai 3992 ms]
| 2501s CLEAR (revision 7)
| 2501s cleared
| 2502s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: it was taken back by itself: see what happened, then let it loose again
complaint
| 2511s people complain at middle
| 2511s commit complaint near [yoghurt]
| 2511s answer Done
mai at dairy for 11
complaint
| 2522s people complain at middle
| 2522s commit complaint near [yoghurt]
| 2522s answer Done
mai at dairy for 11
results yoghurt
|       taken back: people complain more often where it was shown than elsewhere
restart
screen hello
| 2593s CLEAR (revision 1)
| 2593s cleared
mai at dairy for 6
| 2594s visit 1 begins
| 2594s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
| 2595s visit 1 is in dairy
resume yoghurt
| 2599s answer Done
resume yoghurt
| 2599s answer Done
resume nothing
| 2599s answer Unknown
mai at dairy for 6
results yoghurt
|       taken back: people complain more often where it was shown than elsewhere
