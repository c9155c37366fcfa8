# Stopped by hand: gone in the same step, also after a restart, until somebody lifts it.
offer yoghurt zone=dairy shown=60 cap=9/9
offer cheese zone=dairy shown=60 cap=9/9 priority=20
screen hello
enrol mai offers
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 1 purposes
|    0s answer Done
mai at dairy for 4
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s decided: “cheese” scored highest (15: value 20, reach 0.74); 1 opted-in in view
|    2s commit reserved cheese for mai
|    2s SHOW cheese for 60000 ms (revision 1)
|    2s painted
pause yoghurt
|    4s commit paused Offer(yoghurt)
|    4s answer Done
mai at dairy for 6
pause all
|   10s commit paused All
|   10s commit exposed cheese painted 8000 ms, seen by []
|   10s CLEAR (revision 2)
|   10s cleared
|   10s answer Done
pause all
|   10s answer Done
restart
screen hello
|   70s CLEAR (revision 1)
|   70s cleared
mai at dairy for 4
|   71s visit 1 begins
|   71s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: it is paused by hand: resume it
|   72s visit 1 is in dairy
resume all
|   74s commit resumed All
|   74s answer Done
mai at dairy for 3
|   75s decided: “cheese” scored highest (10: value 20, reach 0.99, seen before ×0.50); 1 opted-in in view
|   75s commit reserved cheese for mai
|   75s SHOW cheese for 60000 ms (revision 2)
|   75s painted
pause safe-now
|   77s commit paused SafeNow
|   77s commit exposed cheese painted 2000 ms, seen by []
|   77s CLEAR (revision 3)
|   77s cleared
|   77s answer Done
mai at dairy for 3
|   78s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: everything is stopped by hand: `safe-now --end` lets it go on
resume safe-now
|   80s commit resumed SafeNow
|   80s answer Done
resume yoghurt
|   80s commit resumed Offer(yoghurt)
|   80s answer Done
mai at dairy for 3
|   81s decided: “yoghurt” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|   81s commit reserved yoghurt for mai
|   81s SHOW yoghurt for 60000 ms (revision 4)
|   81s painted
disk stops
pause safe-now
|   83s commit paused SafeNow
|   83s commit exposed yoghurt painted 2000 ms, seen by []
|   83s CLEAR (revision 5)
|   83s cleared
disk resumes
|   83s answer Done
resume milk
|   83s answer Unknown
pause milk
|   83s answer Unknown
