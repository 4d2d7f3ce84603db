"""A payment provider as one meets them outside: signed addresses, its own books, notices that come when they come.

It knows nothing of Linli's tables; the two talk over HTTP and trust only each other's signatures.
"""
