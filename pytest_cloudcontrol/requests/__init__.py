"""Resource requests: what one is, which transitions it knows, where they are kept, and what makes them move.

``request.py`` is the state, as plain data; ``registry.py`` and ``index.py`` find it again; ``runner.py`` is the
schedule, and ``step.py`` one handler call; ``timeline.py`` shows it as text.
"""
