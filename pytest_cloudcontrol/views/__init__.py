"""Views: what a test sees of a world, and how it reaches in: its requests, what exists, one account and region."""
