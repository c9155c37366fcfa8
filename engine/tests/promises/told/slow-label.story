# An e-paper label: sent again seldom, held long, and rested between two pictures even when one had to go early.
screen paper
offer rain zone=dairy shown=8 stock-min=2
screen hello
stock 9
door 0 0
door 9 0
screen mute
silence for 8
|    1s decided: “rain” scored highest (5: value 10, reach 0.50); about 6 unknown people in view
|    1s commit reserved rain for nobody in particular
|    1s SHOW rain for 20000 ms (revision 1)
|    6s SHOW rain for 20000 ms (revision 1)
screen accepts
screen talk
silence for 4
|   11s SHOW rain for 20000 ms (revision 1)
|   11s painted
stock 0
silence for 3
|   13s commit exposed rain painted 2000 ms, seen by []
|   13s CLEAR (revision 2)
|   13s cleared
stock 9
silence for 20
|   21s decided: “rain” scored highest (5: value 10, reach 0.50); about 6 unknown people in view
|   21s commit reserved rain for nobody in particular
|   21s SHOW rain for 20000 ms (revision 3)
|   21s painted
