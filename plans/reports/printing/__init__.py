"""A paper as files: each a pure function of the paper, the same bytes again."""
