"""The way in: botocore's calls to Cloud Control, caught below its signing and above its sockets."""
