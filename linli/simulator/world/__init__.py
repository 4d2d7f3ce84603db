"""People of a simulated city who use the platform as real clients do: over HTTP, each with moods of their own, on one agenda."""
