"""The services behind Cloud Control, as moto mocks them; moto is imported when a test first wants them.

``private.py`` has all that is used of moto beside its documented ``mock_aws``.
"""
