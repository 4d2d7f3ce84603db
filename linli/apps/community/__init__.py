"""What people say about stores: reviews after an order, and what the stores answer."""
