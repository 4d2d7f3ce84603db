"""What may happen to a party that waits, and to a share of a bill."""

from __future__ import annotations

from linli.kernel.states import Machine, table

# Called and not there in time, a party is passed over; it keeps its number and may be put back into the line by the store.
WAITING = Machine(
    "dining.waiting",
    "queued",
    table("""
    queued | call   | called | merchant
    queued | leave  | gone   | consumer merchant system
    queued | seat   | seated | merchant
    called | seat   | seated | merchant
    called | call   | called | merchant
    called | pass   | passed | merchant system
    called | leave  | gone   | consumer merchant system
    passed | return | queued | merchant
    passed | seat   | seated | merchant
    passed | leave  | gone   | consumer merchant system
"""),
)
IN_LINE = ("queued", "called")

SHARE = Machine(
    "dining.share",
    "open",
    table("""
    open | pay  | paid | system merchant
    open | drop | over | consumer merchant system
"""),
)
