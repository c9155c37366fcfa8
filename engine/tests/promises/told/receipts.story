# A receipt counts once, a void takes back what it counted, in whichever order they come.
offer tea zone=tea
offer yoghurt zone=dairy
till sells 2 sku-tea till-1/1
|    0s commit sold by nobody known: tea as Neither: 2 pieces
|    0s answer Done
till sells 2 sku-tea till-1/1
|    0s answer Done
tally tea
|       tea: neither 1 baskets, 2 pieces, 58000; codes 0 and 0 again
till sells 1 sku-yoghurt till-1/2
|    0s commit sold by nobody known: yoghurt as Neither: 1 pieces
|    0s answer Done
till sells 3 sku-bread till-1/3
|    0s answer Done
tally tea
|       tea: neither 1 baskets, 2 pieces, 58000; codes 0 and 0 again
till voids till-1/1
|    0s commit voided till-1/1
|    0s answer Done
till voids till-1/1
|    0s answer Done
till sells 2 sku-tea till-1/1
|    0s answer Done
tally tea
|       tea: codes 0 and 0 again
# The void comes first.
till voids till-1/4
|    0s commit voided till-1/4
|    0s answer Done
till sells 5 sku-tea till-1/4
|    0s answer Done
tally tea
|       tea: codes 0 and 0 again
# What comes back is taken away; its basket stays one.
till sells 4 sku-tea till-1/5
|    0s commit sold by nobody known: tea as Neither: 4 pieces
|    0s answer Done
till returns 1 sku-tea till-1/6 from till-1/5
|    0s commit sold by nobody known: tea as Neither: -1 pieces
|    0s answer Done
tally tea
|       tea: neither 1 baskets, 3 pieces, 87000; codes 0 and 0 again
# Void of the return: the goods stayed sold.
till voids till-1/6
|    0s commit voided till-1/6
|    0s answer Done
tally tea
|       tea: neither 1 baskets, 4 pieces, 116000; codes 0 and 0 again
# All of this over a restart, too.
restart
till sells 2 sku-tea till-1/1
|   60s answer Done
till voids till-1/5
|   60s commit voided till-1/5
|   60s answer Done
till sells 4 sku-tea till-1/5
|   60s answer Done
tally tea
|       tea: codes 0 and 0 again
