"""Plumbing on Django: outbox, jobs, audit, channels, live updates, security, telemetry."""
