# An answer is given when the receipt is on the disk, also to whoever sends it again meanwhile.
offer tea zone=tea
till sells 1 sku-bread till-1/0
|    0s answer Done
disk stops
till sells 2 sku-tea till-1/1
|    0s commit sold by nobody known: tea as Neither: 2 pieces
till sells 2 sku-tea till-1/1
till voids till-1/2
|    0s commit voided till-1/2
disk resumes
|    0s answer Done
|    0s answer Done
|    0s answer Done
till sells 2 sku-tea till-1/1
|    0s answer Done
