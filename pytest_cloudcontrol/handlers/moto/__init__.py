"""Resources that are moto's: a resource type as a table of native calls, and the handler that makes them.

Nothing here knows moto or boto3. ``services.py`` says what is needed of them, and ``transport/moto`` has it.
"""
