"""Prices that people trust: the best legal combination of the deals that a basket may use."""
