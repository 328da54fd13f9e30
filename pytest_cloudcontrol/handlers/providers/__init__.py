"""Resource types and hooks that were written with AWS's own library, cloudformation-cli-python-lib.

Its objects come here as their authors deploy them, and become what handlers and hooks of a test's own are: functions.
The library is imported nowhere: it is there if an object of it is.
"""
