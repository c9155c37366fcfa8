# What goes to a shopper's own phone counts for its campaign, and whom it reaches is noted as before a screen: in the order in which it is best, held out or not.
offer usual-coffee zone=dairy class=personal segment=family cap=9/9 campaign=0 holdout=700
offer usual-tea zone=dairy class=personal segment=family cap=9/9 priority=20 holdout=10
enrol mai offers,personalisation,measurement segment=family
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 3 purposes
|    0s answer Done
enrol lan offers,personalisation,measurement segment=family
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 3 purposes
|    0s answer Done
screen hello
mai,lan at dairy for 6
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “usual-tea”: too sensitive for a public screen
|    1s visit 2 begins
|    1s fetch the profile of lan
|    2s visit 1 is in dairy
|    2s visit 2 is in dairy
phone mai
|    6s commit reached mai with usual-tea as Shown
|    6s commit reached mai with usual-coffee as Shown
|    6s commit reserved usual-tea for mai
|    6s commit exposed usual-tea painted 0 ms, seen by []
|    6s commit charged usual-coffee
|    6s commit reserved usual-coffee for mai
|    6s commit exposed usual-coffee painted 0 ms, seen by []
|    6s answer Offered(Offered([Some(OfferIx(1)), Some(OfferIx(0)), None]))
money usual-coffee
|       usual-coffee: 0 reserved, 0 committed, 0 released, 0 late, 0 again
|       summer: 1 showings, 0 reserved, 0 committed, 0 late
phone lan
|    6s commit reached lan with usual-tea as Shown
|    6s commit reached lan with usual-coffee as Holdout
|    6s commit reserved usual-tea for lan
|    6s commit exposed usual-tea painted 0 ms, seen by []
|    6s answer Offered(Offered([Some(OfferIx(1)), None, None]))
money usual-coffee
|       usual-coffee: 0 reserved, 0 committed, 0 released, 0 late, 0 again
|       summer: 1 showings, 0 reserved, 0 committed, 0 late
phone lan
|    6s commit reserved usual-tea for lan
|    6s commit exposed usual-tea painted 0 ms, seen by []
|    6s answer Offered(Offered([Some(OfferIx(1)), None, None]))
results usual-coffee
|       shown: 1 reached, 0 saw, 0 bought
|       held out: 1 reached, 0 saw, 0 bought
|       cannot tell yet whether “shown” sells more than “held out”: 2 of about 3600 visits needed
