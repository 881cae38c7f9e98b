"""What a text is about in its own words: noun phrases of Russian, runs of content words in English.

Which of them tell a set of texts from the others is asked apart, over many texts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from feedback.topics.words import Word, negates, words

MOST = 5  # key phrases of one text
LONGEST = 4  # words
PRIOR = 500.0  # words that the prior is worth
_BEFORE = frozenset(("ADJF", "PRTF"))
# What RAKE cuts English at: words of grammar, and verbs and adverbs too common to name a thing.
_GRAMMAR = """
a about above after again against all almost also always am an and another any anyone anything
are around as ask at away back be became because become been before began being below between
both bring but buy by call came can cannot come could day did do does doing done dont down each
else even ever every everyone everything feel few find for from further gave get getting give
given go goes going gone good got great had happen has have having he hear help her here hers
herself him himself his hour how however i id if ill im in into is it its itself ive just keep
kept know last least leave left less let like little long look lot made make many may maybe me
mean might mine month more most much must my myself need never new next no none nor not nothing
now of off often ok okay old on once one only or order other others our ours ourselves out over
own part people per please put quite rather real really right said same saw say see seem send
sent several shall she should since so some someone something soon still such sure take taken
tell than thank thanks that the their theirs them themselves then there these they thing think
this those though thought through time to today together told too took toward try turn two under
until up upon us use used using very via want was way we week well went were what when where
whether which while who whole whom whose why will wish with within without wont work would yeah
year yes yesterday yet you your yours yourself first second third three four five six seven
eight nine ten bad best better big nice lovely worst arrive wait start stop hope love hate try
pay ask show"""
_STOP = frozenset(_GRAMMAR.split())


def key_phrases(found: Sequence[Word]) -> list[tuple[int, int]]:
    """At most MOST places, those first whose words stand with the most others (RAKE, Rose 2010)."""
    phrases = list(_phrases(found))
    beside, often = defaultdict[str, int](int), Counter[str]()
    for phrase in phrases:
        for word in phrase:
            often[word.known.lemma] += 1
            beside[word.known.lemma] += len(phrase)
    scores = {
        tuple(word.known.lemma for word in phrase): (
            -sum(beside[word.known.lemma] / often[word.known.lemma] for word in phrase),
            phrase[0].start,
            phrase[-1].end,
        )
        for phrase in reversed(phrases)  # of two alike the earlier stays
    }
    return [(start, end) for _, start, end in sorted(scores.values())[:MOST]]


def telling(texts: Sequence[str], others: Sequence[str]) -> pd.DataFrame:
    """Key phrases by how much more they occur in `texts` than in `others`.

    Columns: phrase (its commonest form), texts, others (in how many of each), z: the log-odds ratio
    with an informative Dirichlet prior, in standard errors, largest first. Source: Monroe, Colaresi
    and Quinn, "Fightin' Words", Political Analysis 16 (2008), equations 16, 20 and 22.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    here, there = (_counted(some, forms) for some in (texts, others))
    names = sorted(forms)
    a, b = (np.array([counts[name] for name in names], np.float64) for counts in (here, there))
    both = a + b
    prior = PRIOR * both / max(both.sum(), 1)
    odds = [np.log((x + prior) / (x.sum() + PRIOR - x - prior)) for x in (a, b)]
    error = np.sqrt(1 / (a + prior) + 1 / (b + prior))
    frame = pd.DataFrame(
        {
            "phrase": [
                min(forms[name], key=lambda form: (-forms[name][form], form)) for name in names
            ],
            "texts": a.astype(int),
            "others": b.astype(int),
            "z": (odds[0] - odds[1]) / error,
        }
    )
    return frame.sort_values(["z", "phrase"], ascending=[False, True], ignore_index=True)


def _counted(texts: Sequence[str], forms: dict[str, Counter[str]]) -> Counter[str]:
    """In how many texts each phrase occurs, by its lemmas."""
    counts: Counter[str] = Counter()
    for text in texts:
        own = {
            " ".join(w.known.lemma for w in p): (p[0].start, p[-1].end)
            for p in _phrases(words(text))
        }
        counts.update(own.keys())
        for name, (start, end) in own.items():
            forms[name][text[start:end].lower()] += 1
    return counts


def _phrases(found: Sequence[Word]) -> Iterator[list[Word]]:
    """Runs of words that may name a thing, cut at whatever breaks them."""
    run: list[Word] = []
    for word in found:
        if run and (word.broken or not _goes_on(run, word)):
            yield from _whole(run)
            run = []
        if run or _begins(word):
            run.append(word)
    yield from _whole(run)


def _begins(word: Word) -> bool:
    if word.known.kind:
        return word.known.kind == "NOUN" or word.known.kind in _BEFORE
    return _names(word)


def _goes_on(run: Sequence[Word], word: Word) -> bool:
    last = run[-1].known
    if len(run) == LONGEST or bool(last.kind) != bool(word.known.kind):
        return False
    if not last.kind:
        return _names(word)
    if last.kind == "NOUN":  # a noun takes another only in the genitive: "пункт выдачи"
        return word.known.kind == "NOUN" and word.known.case == "gent"
    return word.known.kind == "NOUN" or word.known.kind in _BEFORE


def _names(word: Word) -> bool:
    return (
        word.form.isascii()
        and word.form.isalpha()
        and len(word.form) > 2
        and not {word.form, word.known.lemma} & _STOP
        and not negates(word.form)
    )


def _whole(run: Sequence[Word]) -> Iterator[list[Word]]:
    """The run, if it names a thing: in Russian it ends in a noun."""
    names = run and (not run[0].known.kind or run[-1].known.kind == "NOUN")
    if names and (len(run) > 1 or len(run[0].form) > 3):
        yield list(run)
