"""Resource requests: what one is and which transitions it knows, where they are kept, and what makes them move.

``request.py`` is the state, ``registry.py`` finds it again, and ``runner.py`` makes its steps.
"""
