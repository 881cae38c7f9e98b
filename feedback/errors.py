"""The ways something can go wrong, told apart by what has to happen next.

Only `Unavailable` is ever retried; the others need a person, or put one record aside.
"""


class FeedbackError(Exception):
    """Said to a person: what failed, what was and was not written, what to do now."""


class Unavailable(FeedbackError):
    """Wait: the other side is away, slow or asks for patience."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after  # seconds, as the other side asked


class Busy(Unavailable):
    """Wait: another run works on the same thing; it is not this source that is away."""


class Refused(FeedbackError):
    """Change a token or a setting: the other side understood and said no."""


class Changed(FeedbackError):
    """Change code or a mapping: the answer has another shape than we read."""


class Fault(FeedbackError):
    """Report it: a fault of ours. What went wrong is named by its kind and place, never quoted."""


class Gaps(FeedbackError):
    """The run is over, but a part of it failed; the parts that did not are stored."""


class Unreadable(FeedbackError):
    """Set one record aside: raised by a reader, or held in a `Page` in the record's place.

    `reason` is shown to people, so it never quotes the record; the payload stays encrypted.
    """

    def __init__(self, reason: str, *, ref: str = "", payload: bytes = b"") -> None:
        super().__init__(reason)
        self.reason = reason
        self.ref = ref
        self.payload = payload
