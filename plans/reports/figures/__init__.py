"""What reports say, read from the database as it stood on a day and turned into plain data."""
