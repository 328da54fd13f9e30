"""Code that waits, and what follows.

``repetition.py`` notices a caller that asks the same again and again, and ``idleness.py`` calls that come to nothing,
whatever they ask. ``patience.py`` lets time go on for such a caller, holds its thread, or ends its loop; ``sleeps.py``
spends the sleeps of SDKs on the clock. ``callers.py`` tells who calls, and ``errors.py`` says what stands still.
"""
