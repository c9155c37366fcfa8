# Blocks of a screen are let in step by step, whoever stands before it: a shopper who is known sees no sooner than strangers what the ramp lets nobody see. Taken back, it is reserved for nobody any more, let loose again it is shown.
offer tea shown=60 cap=90/90 switchback=1200 ramp=1,1000 every=1300 showings=0
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai at tea for 120
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “tea”: nobody who opted in is where it wants people
|    1s the ramp of tea: let loose on 0.1 %
|    1s commit ramped tea at 1 ‰ after 0 s and 0 showings
|    2s visit 1 is in tea
silence for 2290
|  150s visit 1 ends
| 1301s the ramp of tea: let loose on 100 %
| 1301s commit ramped tea at 1000 ‰ after 0 s and 0 showings
| 2400s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 2400s commit reserved tea for nobody in particular
| 2400s SHOW tea for 60000 ms (revision 1)
| 2400s painted
mai at tea for 11
| 2411s visit 2 begins
| 2412s visit 2 is in tea
complaint
| 2421s people complain at middle
| 2421s commit complaint near [tea]
| 2421s commit ramped tea at 1000 ‰ after 1120 s and 0 showings
| 2421s answer Done
mai at tea for 11
complaint
| 2432s people complain at middle
| 2432s commit complaint near [tea]
| 2432s commit ramped tea at 1000 ‰ after 1131 s and 0 showings
| 2432s answer Done
mai at tea for 11
complaint
| 2443s people complain at middle
| 2443s commit complaint near [tea]
| 2443s commit ramped tea at 1000 ‰ after 1142 s and 0 showings
| 2443s answer Done
mai at tea for 11
complaint
| 2454s people complain at middle
| 2454s commit complaint near [tea]
| 2454s commit ramped tea at 1000 ‰ after 1153 s and 0 showings
| 2454s answer Done
mai at tea for 11
| 2459s decided: “tea” scored highest (10: value 10, reach 1.00); 1 opted-in in view
| 2459s commit reserved tea for mai
| 2459s SHOW tea for 60000 ms (revision 2)
| 2459s commit exposed tea painted 59000 ms, seen by [mai 48931 ms]
| 2459s painted
complaint
| 2465s people complain at middle
| 2465s commit complaint near [tea]
| 2465s commit ramped tea at 1000 ‰ after 1164 s and 1 showings
| 2465s answer Done
mai at tea for 11
complaint
| 2476s people complain at middle
| 2476s commit complaint near [tea]
| 2476s commit ramped tea at 1000 ‰ after 1175 s and 1 showings
| 2476s answer Done
mai at tea for 11
complaint
| 2487s people complain at middle
| 2487s commit complaint near [tea]
| 2487s commit ramped tea at 1000 ‰ after 1186 s and 1 showings
| 2487s answer Done
mai at tea for 11
complaint
| 2498s people complain at middle
| 2498s commit complaint near [tea]
| 2498s the ramp of tea: taken back: people complain more often where it is shown
| 2498s commit ramped tea at 0 ‰ after 0 s and 0 showings
| 2498s answer Done
mai at tea for 120
| 2499s commit exposed tea painted 40000 ms, seen by [mai 40000 ms]
| 2499s CLEAR (revision 3)
| 2499s cleared
| 2500s decided: house loop: 1 opted-in in view; nearest was “tea”: it was taken back by itself: see what happened, then let it loose again
resume tea
| 2618s answer Done
mai at tea for 11
