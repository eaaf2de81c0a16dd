"""Views of indices: what they measure, and the scores they gave."""
