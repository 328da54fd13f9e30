"""Exploration: the code under test is run under every schedule with at most so many surprises."""
