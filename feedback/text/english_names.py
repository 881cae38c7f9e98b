"""English names of people: first names of a list of ours, and the words before and after them.

The list is in name_lists.txt; a name that is a word as well (Will, Georgia) needs more evidence.
"""

import re
from collections.abc import Iterator, Sequence

from feedback.text.name_lists import listed

_LETTER = r"[A-Za-z\u00c0-\u024f]"
_WORD = rf"[A-Z\u00c0-\u00de]{_LETTER}+(?:['’](?!s\b){_LETTER}+)?(?:-[A-Z]{_LETTER}+)?(?!\w)"
_WORD = rf"(?:O['’]{_LETTER}+(?!\w)|{_WORD})"
_TOKEN = re.compile(rf"{_WORD}|[A-Z]\.")
_PARTICLE = r"(?:(?:de|van|von|der|den|la|da|di|du|le|bin|al|el)[ \u00a0]){0,2}"
_RUN = re.compile(
    rf"(?<![\w@#/&.'’-])(?:{_WORD}|[A-Z]\.)(?:[ \u00a0]{_PARTICLE}(?:{_WORD}|[A-Z]\.))*"
)
_LONGEST = 4  # tokens
_AROUND = 48  # characters that may say who it is
_BEFORE = re.compile(
    r"\b(?:(?P<titled>(?-i:[Mm]rs?|Ms|ms(?=\.)|Miss|Mx|[Pp]rof)\.?|professor|nurse"
    r"|(?<!my )(?<!the )(?<!your )(?<!a )(?<!his )(?<!her )(?-i:[Dd]r)\.?)\s"
    r"|(?P<introduced>(?:my|his|her|full|first|last|customer|recipient|contact|client) names?"
    r" ?(?:is|was|:)"
    r"|(?<![a-z] )name ?:|attn:|recipient:)\s?"
    r"|(?P<signed>(?:regards|sincerely|wishes|cheers|yours|faithfully|truly|respectfully|best"
    r"|thanks)"
    r"(?:[,!.]\s{0,2}|\s?\n\s{0,2}))"
    r"|(?P<greeted>(?:hi|hello|hey|dear|thanks|thank you|good morning|good afternoon)(?: to)?,?\s)"
    r"|(?P<called>(?:agent|manager|driver|courier|representative|rep|assistant|operator|advisor"
    r"|adviser|consultant|technician|colleague|waiter|waitress|doctor|receptionist|clerk|cashier"
    r"|stylist|trainer|wife|husband|son|daughter|brother|sister|friend|mother|father|mum|mom"
    r"|dad|aunt"
    r"|uncle|named|spoke (?:to|with)|talked to|chatted with|dealt with|helped by|served by"
    r"|assisted by"
    r"|thanks to|shout out to|ask for|this is|i['’]?m|i am|it['’]?s me|me|gentleman|lady"
    r"|guy)\s))\Z",
    re.IGNORECASE,
)
# Without one of these, only a first name of the list or an initial can begin a name.
_TELLS = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|nurse|names?|attn|recipient|regards|sincerely|wishes"
    r"|cheers|yours|faithfully|truly|respectfully|best|thanks)\b",
    re.IGNORECASE,
)
_ACTED = re.compile(
    r"\s(?:from (?:support|customer|the|your|sales)|at the|in (?:the|your)|was|is|has|had|who"
    r"|said|told|and|helped|promised|handled|assisted|answered|called|calling|here|went|hung|fixed|sorted"
    r"|replied)\b"
)
_KINDNESS = re.compile(r"\sfor (?:his|her) ")
_SAINT = ("St. ", "St ", "Saint ")
_HERE = ("me ", "i'm ", "i’m ", "i am ", "this is ")  # what follows may be any word


def _is_first(word: str, kinds: Sequence[str] = ("first", "either")) -> bool:
    """A first name of the list, or two with a hyphen, of which the former is sure: Anna-Maria."""
    one, _, two = word.partition("-")
    if two and one in listed("first") and _is_first(two):
        return True
    return any(word in listed(kind) for kind in kinds)


def find_english_names(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each; first name, middle initial and surname are one span."""
    is_told = _TELLS.search(text) is not None
    for run in _RUN.finditer(text):
        tokens = [match.span() for match in _TOKEN.finditer(text, *run.span())]
        first = 0
        while first < len(tokens):
            start, end = tokens[first]
            may_begin = _is_first(text[start:end].lower()) or text[end - 1] == "."
            size, is_name = _judge(text, tokens, first) if is_told or may_begin else (1, False)
            if is_name:
                yield tokens[first][0], tokens[first + size - 1][1]
            first += size


def _judge(text: str, tokens: Sequence[tuple[int, int]], at: int) -> tuple[int, bool]:
    """How many tokens to step over, and whether they are the name of a person."""
    spans = tokens[at : at + _LONGEST]
    words = [text[start:end].lower() for start, end in spans]
    if "-".join(words[:2]) in listed("brand"):
        return len(words[:2]), False
    is_word = words[0] in listed("stop")
    if (is_word and not _is_first(words[0])) or _is_shouted(text, spans[0]):
        return 1, False
    before = text[max(0, spans[0][0] - _AROUND) : spans[0][0]]
    context = _BEFORE.search(before)
    how = context.lastgroup if context else None
    if how == "titled" and _is_brand_with_title(text, spans[0]):
        return 1, False
    if how in ("titled", "introduced") and not is_word:
        return 1 + _rest(words[1:3]), True
    full = _full_name(words)
    if full:
        return full, True
    after = text[spans[0][1] : spans[0][1] + _AROUND]
    if how == "signed" and _ends_line(text, tokens, at, words):
        return len(words), True
    is_person = _is_single(words[0], how, before, after, is_first=at == 0)
    if is_person and not text[: spans[0][0]].strip() and not after.strip(" .!"):
        return 1, False
    has_more = len(words) > 1 and (
        words[1][-1] == "." or (how == "called" and _may_follow(text, spans))
    )
    return (2 if is_person and has_more else 1), is_person


def _is_brand_with_title(text: str, span: tuple[int, int]) -> bool:
    """Dr. Pepper, MS Word; of a name that people have only with its ending: Mrs. Meyer's."""
    start, end = span
    word = text[start:end].lower()
    ending = text[end : end + 2].replace("’", "'")
    return word in listed("titled") or (ending == "'s" and word + ending in listed("titled"))


def _may_follow(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the word after "my agent Tom" is his surname: Brady, and neither HP nor Monday."""
    word = text[slice(*spans[1])]
    return word.lower() not in listed("stop") and not word.isupper()


def _is_shouted(text: str, span: tuple[int, int]) -> bool:
    """In capitals: USB, REGARDS; not an initial."""
    return text[slice(*span)].isupper() and text[span[1] - 1] != "."


def _full_name(words: Sequence[str]) -> int:
    """Tokens of a first name with a surname, or of initials with a common one."""
    initials = 0
    while initials < min(len(words), 2) and words[initials][-1] == ".":
        initials += 1
    if initials:
        is_known = len(words) > initials and words[initials] in listed("surname")
        return initials + 1 if is_known else 0
    size = 1
    while size < len(words) - 1 and words[size][-1] == ".":
        size += 1
    if size >= len(words) or words[size][-1] == "." or words[size] in listed("stop"):
        return 0
    if _is_first(words[0], ("first",)):
        return size + 1
    return size + 1 if words[0] in listed("either") and words[size] in listed("surname") else 0


def _rest(words: Sequence[str]) -> int:
    return next((n for n, word in enumerate(words) if word in listed("stop")), len(words))


def _ends_line(text: str, tokens: Sequence[tuple[int, int]], at: int, words: list[str]) -> bool:
    """A signature: nothing else in the line after "Regards,"."""
    is_rest = len(tokens) - at == len(words) <= 3 and not set(words) & listed("stop")
    return is_rest and text[tokens[-1][1] : tokens[-1][1] + 1] in ("", "\n", ".", ",")


def _is_single(word: str, how: str | None, before: str, after: str, *, is_first: bool) -> bool:
    """A first name alone."""
    is_sure = _is_first(word, ("first",))
    if not is_sure and not _is_first(word):
        return False
    if before.endswith(("& ", *_SAINT)) or after[:2] in (" &", "'s", "’s"):
        return False
    if how in ("called", "signed"):
        return is_sure or not before.lower().endswith(_HERE)
    if how == "greeted":
        is_thanked = after[:1] in (",", "!", ".", "", "\n") or _KINDNESS.match(after)
        return is_sure or bool(is_thanked)
    if not is_first or not is_sure:
        return is_sure and how is not None
    return _ACTED.match(after) is not None or bool(before.strip())
