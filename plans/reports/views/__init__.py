"""Pages of reports, by who comes for what."""
