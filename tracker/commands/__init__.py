"""The commands, one a module; what a command needs is imported when it runs."""
