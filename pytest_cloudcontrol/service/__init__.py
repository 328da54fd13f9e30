"""The service: what Cloud Control API answers to a call, as JSON documents, whatever the call came in by."""
