"""Exploration: the code under test, run under every schedule with so many surprises."""
