"""What the author of a post does with a song: cover, edit, challenge, reaction or other."""
