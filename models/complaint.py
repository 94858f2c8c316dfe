"""The one kind of error that is shown to a person as it stands."""


class Complaint(ValueError):
    """What the user gave us cannot be used; the message is one line that names file, line and key where it can."""
