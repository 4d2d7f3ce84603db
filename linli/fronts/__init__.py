"""The doors: pages, API, gateways (callbacks from outside) and commands."""
