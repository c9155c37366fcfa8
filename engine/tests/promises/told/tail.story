# What a public screen never shows goes to the shopper's own phone, and what is not sensitive to staff: charged like a showing, on the disk before the answer, and only while consent holds.
offer usual-coffee zone=dairy class=personal segment=family cap=2/2
offer test-strips zone=dairy class=sensitive segment=family cap=1/1
screen hello
enrol mai offers,personalisation segment=family
|    0s keep the profile of mai
|    0s commit enrolled mai v1 for 2 purposes
|    0s answer Done
enrol lan offers segment=family
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 1 purposes
|    0s answer Done
phone mai
|    0s answer Offered(Offered([None, None, None]))
mai,lan at dairy for 6
|    1s visit 1 begins
|    1s fetch the profile of mai
|    1s decided: house loop: 1 opted-in in view; nearest was “usual-coffee”: too sensitive for a public screen
|    1s visit 2 begins
|    2s visit 1 is in dairy
|    2s visit 2 is in dairy
card mai
|    6s commit reserved usual-coffee for mai
|    6s commit exposed usual-coffee painted 0 ms, seen by []
|    6s answer Offered(Offered([Some(OfferIx(1)), None, None]))
phone mai
|    6s commit reserved test-strips for mai
|    6s commit exposed test-strips painted 0 ms, seen by []
|    6s commit reserved usual-coffee for mai
|    6s commit exposed usual-coffee painted 0 ms, seen by []
|    6s answer Offered(Offered([Some(OfferIx(0)), Some(OfferIx(1)), None]))
phone mai
|    6s answer Offered(Offered([None, None, None]))
phone lan
|    6s answer Offered(Offered([None, None, None]))
withdraw mai personalisation
|    6s commit withdrawn mai from 1 purposes
|    6s answer Done
phone mai
|    6s answer Offered(Offered([None, None, None]))
