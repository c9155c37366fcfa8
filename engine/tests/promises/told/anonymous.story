# Nobody opted in, but the door counts people: what says nothing about anybody may be shown.
offer rain zone=dairy shown=8
screen hello
silence for 3
|    1s decided: house loop: nobody in view; nearest was “rain”: nobody who opted in is where it wants people
door 0 0
door 9 0
silence for 3
|    4s decided: “rain” scored highest (5: value 10, reach 0.50); about 6 unknown people in view
|    4s commit reserved rain for nobody in particular
|    4s SHOW rain for 8000 ms (revision 1)
|    4s painted
screen hello
|    6s SHOW rain for 6000 ms (revision 1)
silence for 9
|   11s decided: “rain” scored highest (5: value 10, reach 0.50); about 6 unknown people in view
|   11s commit reserved rain for nobody in particular
|   11s SHOW rain for 8000 ms (revision 2)
|   11s commit exposed rain painted 7000 ms, seen by []
|   11s painted
