# On and off by blocks, for people nobody knows. What is sold in the first third of a block is left out; a pair that began before the gateway did is not counted.
offer tea shown=300 switchback=600
door 4 0
screen hello
silence for 300
|    1s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|    1s commit reserved tea for nobody in particular
|    1s SHOW tea for 300000 ms (revision 1)
|    1s painted
|  300s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  300s commit reserved tea for nobody in particular
|  300s SHOW tea for 300000 ms (revision 2)
|  300s commit exposed tea painted 299000 ms, seen by []
|  300s painted
buy nobody sku-tea r-1
|  300s commit sold by nobody known: tea as Neither: 2 pieces
silence for 900
|  599s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  599s commit reserved tea for nobody in particular
|  599s SHOW tea for 300000 ms (revision 3)
|  599s commit exposed tea painted 299000 ms, seen by []
|  599s painted
|  898s decided: house loop: nobody in view; nearest was “tea”: its switchback is off here now, to measure its effect
|  899s commit exposed tea painted 300000 ms, seen by []
| 1200s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1200s commit reserved tea for nobody in particular
| 1200s SHOW tea for 300000 ms (revision 4)
| 1200s painted
buy nobody sku-tea r-2
| 1200s commit sold by nobody known: tea as Neither: 2 pieces
buy nobody sku-other r-3
silence for 300
| 1499s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1499s commit reserved tea for nobody in particular
| 1499s SHOW tea for 300000 ms (revision 5)
| 1499s commit exposed tea painted 299000 ms, seen by []
| 1499s painted
buy nobody sku-other r-4
buy nobody sku-tea r-5
| 1500s commit sold by nobody known: tea as Neither: 2 pieces
silence for 660
| 1798s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1798s commit reserved tea for nobody in particular
| 1798s SHOW tea for 300000 ms (revision 6)
| 1798s commit exposed tea painted 299000 ms, seen by []
| 1798s painted
| 2097s decided: house loop: nobody in view; nearest was “tea”: its switchback is off here now, to measure its effect
| 2098s commit exposed tea painted 300000 ms, seen by []
buy nobody sku-tea r-6
| 2160s commit sold by nobody known: tea as Neither: 2 pieces
buy nobody sku-other r-7
silence for 360
| 2400s commit paired tea: on (2, 1), off (2, 1)
results tea
|       middle: cannot tell yet whether “on” sells more than “off”: 1 of about 20 pairs of blocks needed
