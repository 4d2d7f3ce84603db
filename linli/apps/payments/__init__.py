"""Intents, methods, refunds and the double-entry ledger."""
