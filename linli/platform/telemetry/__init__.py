"""What the machine says about itself: request ids, one JSON line a request, Prometheus metrics, health."""
