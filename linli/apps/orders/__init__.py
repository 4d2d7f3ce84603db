"""Cart, quote, hold, order, promise: one model for every service mode; a mode is a state table and rules, both data."""
