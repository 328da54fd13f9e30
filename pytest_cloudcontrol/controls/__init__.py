"""The controls: what a test holds, to see a mocked Cloud Control by, to arrange what it does, and to move it.

Each reads and moves the world that there is now, so that what a test has kept follows a reset. ``cloudcontrol.py`` is
the whole, with ``arranging.py``, its verbs for beforehand, and ``moving.py``, which makes the earliest step of any
request; ``request.py`` is one request, with ``reading.py``, which is what it shows.
"""
