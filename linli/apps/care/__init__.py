"""Making it right: complaints, what is given back for them, and the clocks that run until then."""
