"""Pages of agencies and of the people who work in them."""
