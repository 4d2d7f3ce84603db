"""The algorithms. Pure: a problem goes in, a checked result comes out; no Django, no clock, no randomness but the seed."""
