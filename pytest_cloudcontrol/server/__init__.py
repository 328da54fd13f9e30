"""The server: a world over HTTP, for other processes and other languages.

``application.py`` says whose a request is: ``calls.py`` answers those to Cloud Control, ``control/`` those of a test
that holds the world from afar, and moto's own application all others. ``serving.py`` starts and stops the library that
speaks HTTP, ``ticker.py`` lets time flow, ``command.py`` is the command line.
"""
