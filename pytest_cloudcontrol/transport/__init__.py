"""The ways in: how calls to Cloud Control reach a backend, and how its answers go back.

``wire.py`` reads and writes them as bytes, whatever library sends them; ``botocore/`` catches what botocore's clients
send, below their signing and above their sockets; ``active.py`` puts that in and takes it out.
"""
