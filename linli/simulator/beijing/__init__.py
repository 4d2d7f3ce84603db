"""The Beijing of the demo: real places from public data, and what had to be made up about them."""
