"""The lists of names, brands and ordinary words that decide what is a name of a person.

They stand in name_lists.txt, which is ours to edit: a line says of which list its words are.
"""

from functools import cache
from itertools import chain
from pathlib import Path


@cache
def listed(kind: str) -> frozenset[str]:
    """The words of the lines that begin with `kind`, in lower case."""
    lines = Path(__file__).with_name("name_lists.txt").read_text("utf-8").lower().splitlines()
    words = (line.split()[1:] for line in lines if line.startswith(f"{kind}:"))
    return frozenset(chain.from_iterable(words))
