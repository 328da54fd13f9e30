"""botocore's clients: their calls are answered, need no real keys to be signed, and sleep on the mock clock.

Each file puts its patches in with ``put_in``.
"""
