"""What a resource type is: its identifiers, the roles of its properties, its handlers, and the values it makes up.

``resource_type`` is one type, read from its schema; ``catalog`` knows all the types of a world: AWS's own, bundled in
``data``, and those that a test or its settings add. A user's schema is looked at as a whole first: ``checking``, with
``keywords`` and ``references``, finds what is wrong with it, and ``patterns`` translates its regular expressions from
Java's. The bundle's were checked and translated when ``tools/build_schema_bundle.py`` wrote it.

What a type is asked then: whether a model is valid (``validation``), whether an update may change what it changes
(``roles``), what a list call must say (``listing``), what the service adds to a new resource (``generation``), and in
which order properties are shown (``shown``).
"""

from __future__ import annotations
