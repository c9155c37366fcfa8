# Whom an offer reaches does not hang on chance: lan is held out, and mai is not; before either of them the picture for anybody would give way to cheese, and both are noted at that moment.
offer basket shown=40 priority=20
offer cheese zone=dairy shown=3 priority=70 holdout=700
screen hello
enrol mai offers,measurement
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers,measurement
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 2 purposes
|    0s answer Done
silence for 5
|    1s decided: “basket” scored highest (2: value 20, reach 0.10); nobody in view
|    1s commit reserved basket for nobody in particular
|    1s SHOW basket for 40000 ms (revision 1)
|    1s painted
mai at dairy for 6
|    6s visit 1 begins
|    7s visit 1 is in dairy
|    7s commit reached mai with cheese as Shown
|    7s decided: “cheese” scored highest (59: value 70, reach 0.84); 1 opted-in in view
|    7s commit reserved cheese for mai
|    7s SHOW cheese for 3000 ms (revision 2)
|    7s commit exposed basket painted 6000 ms, seen by [mai 1184 ms]
|    7s painted
|   10s commit exposed cheese painted 3000 ms, seen by [mai 2943 ms]
|   10s decided: “basket” scored highest (20: value 20, reach 0.99); 1 opted-in in view
|   10s commit reserved basket for mai
|   10s SHOW basket for 40000 ms (revision 3)
|   10s painted
silence for 60
|   41s visit 1 ends
|   49s decided: “basket” scored highest (2: value 20, reach 0.10); nobody in view
|   49s commit reserved basket for nobody in particular
|   49s SHOW basket for 40000 ms (revision 4)
|   49s commit exposed basket painted 39000 ms, seen by [mai 24873 ms]
|   49s painted
lan at dairy for 6
|   72s visit 2 begins
|   73s visit 2 is in dairy
|   73s commit reached lan with cheese as Holdout
results cheese
|       shown: 1 reached, 1 saw, 0 bought
|       held out: 1 reached, 0 saw, 0 bought
|       cannot tell yet whether “shown” sells more than “held out”: 2 of about 3600 visits needed
