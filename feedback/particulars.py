"""What two nearly equal texts must have in common to say the same: their digits and negations.

"Order 12345 is late" and "Order 54321 is late", or "I recommend" and "I do not recommend", share
nearly all their letters and mean two things.
"""

import hashlib
import re

_DIGITS = re.compile(r"\d+")
_NEGATIONS = re.compile(r"\b(?:не|ни|нет|no|not|never|cannot)\b|n['’]t\b")


def particulars(text: str) -> str:
    """16 hex digits, equal for texts with equal runs of digits and as many words of negation."""
    said = [*sorted(_DIGITS.findall(text)), f"-{len(_NEGATIONS.findall(text.casefold()))}"]
    return hashlib.blake2b(" ".join(said).encode(), digest_size=8).hexdigest()
