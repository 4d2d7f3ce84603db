"""Eating in: tables and who sits at them, what they pick together, how they share the bill, and who waits for a table."""
