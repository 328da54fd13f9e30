"""The control API: what a test in Python can do, a test in another language can do over HTTP.

``routes.py`` is the table of all there is; each route is a function of one of the files beside it, which calls the same
controls as Python does. So wrong values get the same words.
"""
