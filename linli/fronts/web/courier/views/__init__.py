"""What a courier's pages show and do."""
