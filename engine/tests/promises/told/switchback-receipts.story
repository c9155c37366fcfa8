# Whatever a till sends again counts once in its block, and not in a later one; what is taken back does not count, and what only comes back neither.
offer tea shown=60 switchback=600
door 4 0
screen hello
silence for 1500
|    1s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|    1s commit reserved tea for nobody in particular
|    1s SHOW tea for 60000 ms (revision 1)
|    1s painted
|   60s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|   60s commit reserved tea for nobody in particular
|   60s SHOW tea for 60000 ms (revision 2)
|   60s commit exposed tea painted 59000 ms, seen by []
|   60s painted
|  119s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  119s commit reserved tea for nobody in particular
|  119s SHOW tea for 60000 ms (revision 3)
|  119s commit exposed tea painted 59000 ms, seen by []
|  119s painted
|  178s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  178s commit reserved tea for nobody in particular
|  178s SHOW tea for 60000 ms (revision 4)
|  178s commit exposed tea painted 59000 ms, seen by []
|  178s painted
|  237s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  237s commit reserved tea for nobody in particular
|  237s SHOW tea for 60000 ms (revision 5)
|  237s commit exposed tea painted 59000 ms, seen by []
|  237s painted
|  296s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  296s commit reserved tea for nobody in particular
|  296s SHOW tea for 60000 ms (revision 6)
|  296s commit exposed tea painted 59000 ms, seen by []
|  296s painted
|  355s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  355s commit reserved tea for nobody in particular
|  355s SHOW tea for 60000 ms (revision 7)
|  355s commit exposed tea painted 59000 ms, seen by []
|  355s painted
|  414s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  414s commit reserved tea for nobody in particular
|  414s SHOW tea for 60000 ms (revision 8)
|  414s commit exposed tea painted 59000 ms, seen by []
|  414s painted
|  473s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  473s commit reserved tea for nobody in particular
|  473s SHOW tea for 60000 ms (revision 9)
|  473s commit exposed tea painted 59000 ms, seen by []
|  473s painted
|  532s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  532s commit reserved tea for nobody in particular
|  532s SHOW tea for 60000 ms (revision 10)
|  532s commit exposed tea painted 59000 ms, seen by []
|  532s painted
|  591s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
|  591s commit reserved tea for nobody in particular
|  591s SHOW tea for 60000 ms (revision 11)
|  591s commit exposed tea painted 59000 ms, seen by []
|  591s painted
|  650s decided: house loop: nobody in view; nearest was “tea”: its switchback is off here now, to measure its effect
|  651s commit exposed tea painted 60000 ms, seen by []
| 1200s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1200s commit reserved tea for nobody in particular
| 1200s SHOW tea for 60000 ms (revision 12)
| 1200s painted
| 1259s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1259s commit reserved tea for nobody in particular
| 1259s SHOW tea for 60000 ms (revision 13)
| 1259s commit exposed tea painted 59000 ms, seen by []
| 1259s painted
| 1318s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1318s commit reserved tea for nobody in particular
| 1318s SHOW tea for 60000 ms (revision 14)
| 1318s commit exposed tea painted 59000 ms, seen by []
| 1318s painted
| 1377s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1377s commit reserved tea for nobody in particular
| 1377s SHOW tea for 60000 ms (revision 15)
| 1377s commit exposed tea painted 59000 ms, seen by []
| 1377s painted
| 1436s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1436s commit reserved tea for nobody in particular
| 1436s SHOW tea for 60000 ms (revision 16)
| 1436s commit exposed tea painted 59000 ms, seen by []
| 1436s painted
| 1495s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1495s commit reserved tea for nobody in particular
| 1495s SHOW tea for 60000 ms (revision 17)
| 1495s commit exposed tea painted 59000 ms, seen by []
| 1495s painted
buy nobody sku-tea r-1
| 1500s commit sold by nobody known: tea as Neither: 2 pieces
buy nobody sku-other r-2
buy nobody sku-other r-2
buy nobody sku-other r-3
till voids r-3
| 1500s commit voided r-3
| 1500s answer Done
till returns 1 sku-other r-4
| 1500s answer Done
silence for 600
| 1554s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1554s commit reserved tea for nobody in particular
| 1554s SHOW tea for 60000 ms (revision 18)
| 1554s commit exposed tea painted 59000 ms, seen by []
| 1554s painted
| 1613s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1613s commit reserved tea for nobody in particular
| 1613s SHOW tea for 60000 ms (revision 19)
| 1613s commit exposed tea painted 59000 ms, seen by []
| 1613s painted
| 1672s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1672s commit reserved tea for nobody in particular
| 1672s SHOW tea for 60000 ms (revision 20)
| 1672s commit exposed tea painted 59000 ms, seen by []
| 1672s painted
| 1731s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1731s commit reserved tea for nobody in particular
| 1731s SHOW tea for 60000 ms (revision 21)
| 1731s commit exposed tea painted 59000 ms, seen by []
| 1731s painted
| 1790s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 1790s commit reserved tea for nobody in particular
| 1790s SHOW tea for 60000 ms (revision 22)
| 1790s commit exposed tea painted 59000 ms, seen by []
| 1790s painted
| 1849s decided: house loop: nobody in view; nearest was “tea”: its switchback is off here now, to measure its effect
| 1850s commit exposed tea painted 60000 ms, seen by []
buy nobody sku-other r-2
buy nobody sku-other r-5
buy nobody sku-other r-5
silence for 360
| 2400s commit paired tea: on (2, 1), off (1, 0)
silence for 240
buy nobody sku-other r-5
buy nobody sku-tea r-6
| 2700s commit sold by nobody known: tea as Neither: 2 pieces
silence for 600
| 3000s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3000s commit reserved tea for nobody in particular
| 3000s SHOW tea for 60000 ms (revision 23)
| 3000s painted
| 3059s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3059s commit reserved tea for nobody in particular
| 3059s SHOW tea for 60000 ms (revision 24)
| 3059s commit exposed tea painted 59000 ms, seen by []
| 3059s painted
| 3118s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3118s commit reserved tea for nobody in particular
| 3118s SHOW tea for 60000 ms (revision 25)
| 3118s commit exposed tea painted 59000 ms, seen by []
| 3118s painted
| 3177s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3177s commit reserved tea for nobody in particular
| 3177s SHOW tea for 60000 ms (revision 26)
| 3177s commit exposed tea painted 59000 ms, seen by []
| 3177s painted
| 3236s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3236s commit reserved tea for nobody in particular
| 3236s SHOW tea for 60000 ms (revision 27)
| 3236s commit exposed tea painted 59000 ms, seen by []
| 3236s painted
| 3295s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3295s commit reserved tea for nobody in particular
| 3295s SHOW tea for 60000 ms (revision 28)
| 3295s commit exposed tea painted 59000 ms, seen by []
| 3295s painted
buy nobody sku-tea r-7
| 3300s commit sold by nobody known: tea as Neither: 2 pieces
silence for 400
| 3354s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3354s commit reserved tea for nobody in particular
| 3354s SHOW tea for 60000 ms (revision 29)
| 3354s commit exposed tea painted 59000 ms, seen by []
| 3354s painted
| 3413s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3413s commit reserved tea for nobody in particular
| 3413s SHOW tea for 60000 ms (revision 30)
| 3413s commit exposed tea painted 59000 ms, seen by []
| 3413s painted
| 3472s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3472s commit reserved tea for nobody in particular
| 3472s SHOW tea for 60000 ms (revision 31)
| 3472s commit exposed tea painted 59000 ms, seen by []
| 3472s painted
| 3531s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3531s commit reserved tea for nobody in particular
| 3531s SHOW tea for 60000 ms (revision 32)
| 3531s commit exposed tea painted 59000 ms, seen by []
| 3531s painted
| 3590s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3590s commit reserved tea for nobody in particular
| 3590s SHOW tea for 60000 ms (revision 33)
| 3590s commit exposed tea painted 59000 ms, seen by []
| 3590s painted
| 3600s commit paired tea: on (1, 1), off (1, 1)
| 3649s decided: “tea” scored highest (1: value 10, reach 0.10); nobody in view
| 3649s commit reserved tea for nobody in particular
| 3649s SHOW tea for 60000 ms (revision 34)
| 3649s commit exposed tea painted 59000 ms, seen by []
| 3649s painted
results tea
|       middle: cannot tell yet whether “on” sells more than “off”: 2 of about 20 pairs of blocks needed
