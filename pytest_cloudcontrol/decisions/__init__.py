"""What happens where the world could go on in more than one way: here, what a test has arranged beforehand.

``decisions.py`` is asked at every call and every step; ``plans.py`` says how long requests take, ``faults.py`` what
comes instead of a call or a step, ``callbacks.py`` what runs before one, and ``match.py`` which of them are meant. They
know the API's words, but neither requests nor calls.
"""
