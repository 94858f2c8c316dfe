"""Which songs a post speaks of, how sure that is, and why."""
