"""Pages of plans, their tasks and the work on them."""
