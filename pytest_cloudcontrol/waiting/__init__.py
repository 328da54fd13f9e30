"""Code that waits, and what follows.

``repetition.py`` notices a caller that asks the same again and again, ``patience.py`` lets time go on for it, holds its
thread, or ends its loop, and ``sleeps.py`` spends the sleeps of SDKs on the clock. ``callers.py`` tells who calls, and
``errors.py`` says what stands still.
"""
