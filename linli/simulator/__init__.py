"""A city of consumers, merchants and couriers who use the fronts, on a clock of its own."""
