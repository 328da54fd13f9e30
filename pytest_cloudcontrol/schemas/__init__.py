"""What a resource type is: its identifiers, the roles of its properties, its handlers, and the values it makes up.

``resource_type`` reads one schema as AWS's registry writes it, ``catalog`` knows all the types of a world (AWS's own,
bundled in ``data``, and those a test added), and ``generation`` makes the values that the real service would make.
The bundle in ``data`` is written by ``tools/build_schema_bundle.py``.
"""

from __future__ import annotations
