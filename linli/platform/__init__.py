"""Plumbing on Django that every room may lean on: outbox, jobs, audit, policy values, channels, push, limits, telemetry."""
