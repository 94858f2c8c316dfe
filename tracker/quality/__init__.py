"""How good tags and links are, told to people: the same sentences and tables for terminal, docs and explorer."""
