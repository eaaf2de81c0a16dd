"""The gap radar: what a plan does, set against where its province lost or lacks points."""
