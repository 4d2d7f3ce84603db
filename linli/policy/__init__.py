"""Every number that an operator may tune, with its unit, its bounds and its reason."""
