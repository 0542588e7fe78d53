"""Is the house in order: set-up, targets, packaging, README, habits?"""
