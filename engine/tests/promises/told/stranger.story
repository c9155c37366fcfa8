# Somebody nobody enrolled, and somebody who agreed to nothing: no visit, nothing kept.
offer yoghurt zone=dairy
screen hello
enrol lan nothing
|    0s keep the profile of lan
|    0s commit enrolled lan v1 for 0 purposes
|    0s answer Done
tuan at dairy for 10
|    1s decided: house loop: nobody in view; nearest was “yoghurt”: nobody who opted in is where it wants people
lan at dairy for 10
