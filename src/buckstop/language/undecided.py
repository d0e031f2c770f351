"""What is asked of a language and not answered."""


class Undecided(Exception):  # noqa: N818 # an answer, and no error
    """No answer within the limits; the message says what exceeds them. Never a guess instead."""
