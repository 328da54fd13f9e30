"""What recorded reads teach of a type: what AWS shows beside what was declared, what it hides, and what it rewrites.

``learning.py`` makes facts of recordings, when the bundle is built or a test loads recordings of its own; ``facts.py``
is their form; ``showing.py`` applies them to a resource. A fact hangs on what was declared, never on one recording.
"""
