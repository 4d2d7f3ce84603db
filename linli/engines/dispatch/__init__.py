"""Who brings what: batched matching of waiting orders to couriers, by time, with reasons. Pure and replayable."""
