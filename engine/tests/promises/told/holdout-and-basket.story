# Everybody is held out: nothing is shown, and the basket is counted in that arm. A receipt counts once.
offer yoghurt zone=dairy holdout=1000
offer tea zone=tea shown=5
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
mai at dairy for 6
|    1s visit 1 begins
|    1s decided: house loop: 1 opted-in in view; nearest was “yoghurt”: nobody who opted in is where it wants people
|    2s visit 1 is in dairy
|    2s commit reached mai with yoghurt as Holdout
mai at tea for 10
|   10s visit 1 is in tea
|   10s decided: “tea” scored highest (10: value 10, reach 1.00); 1 opted-in in view
|   10s commit reserved tea for mai
|   10s SHOW tea for 5000 ms (revision 1)
|   10s painted
|   14s decided: house loop: 1 opted-in in view; nearest was “tea”: everybody who qualifies has seen it often enough
|   15s commit exposed tea painted 5000 ms, seen by [mai 5000 ms]
buy mai sku-yoghurt till-1-0001
|   16s commit bought 2 pieces of yoghurt as Holdout, the first today
|   16s commit sold by somebody known: yoghurt as Holdout: 2 pieces
buy mai sku-tea till-1-0002
|   16s commit sold by somebody known: tea as Exposed: 2 pieces
buy mai sku-tea till-1-0002
buy nobody sku-tea till-1-0003
|   16s commit sold by nobody known: tea as Neither: 2 pieces
withdraw mai measurement
|   16s commit withdrawn mai from 1 purposes
|   16s answer Done
buy mai sku-tea till-1-0004
|   16s commit sold by nobody known: tea as Neither: 2 pieces
