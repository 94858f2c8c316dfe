"""The packaged sample archive of invented posts, and how it was made."""
