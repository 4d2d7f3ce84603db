"""The business, one room a subject, each with the same furniture."""
