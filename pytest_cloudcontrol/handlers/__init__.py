"""Resource handlers: what AWS calls, again and again, to work a request off."""
