"""The state: a whole world as one document, which another server, or the same one later, goes on with.

It has the clock, the resources, the requests with their ClientTokens, the plans and the rules. What runs code of a
test's own, or holds others back, is refused by its name: ``refusals.py`` says what.
"""
