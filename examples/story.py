"""What happened at Myatlik between 24 August and 22 October 2026, before anyone wrote a word.

Two things are planted: the payment outage of 22-25 September, and an app that slowly gets better.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from examples.people import Person

MOSCOW = timezone(timedelta(hours=3), "MSK")
START = date(2026, 8, 24)
DAYS = 60
OUTAGE = (date(2026, 9, 22), date(2026, 9, 25))
AFTERMATH = date(2026, 9, 29)
IMPROVING = "App"
PRODUCTS = {"Shop": 0.21, "Delivery": 0.23, "App": 0.42, "Club": 0.14}
# Shares of negative and positive words when nothing special happens; the rest is neutral.
MOOD = {"Shop": (0.24, 0.53), "Delivery": (0.33, 0.44), "Club": (0.25, 0.46)}
APP_MOOD_FIRST, APP_MOOD_LAST = (0.82, 0.06), (0.06, 0.82)
LANGUAGES = {"ru": 0.65, "en": 0.31, "de": 0.016, "uk": 0.014, "kk": 0.01}


@dataclass(frozen=True)
class Channel:
    """How one place where customers speak behaves; `week` runs from Monday."""

    week: tuple[float, ...]
    outage_surge: float
    gloom: float
    languages: dict[str, float]
    hours: tuple[int, int]


CHANNELS = {
    "mail": Channel((1.4, 1.2, 1.1, 1.0, 0.9, 0.5, 0.4), 4.5, 0.16, LANGUAGES, (7, 23)),
    "shop_mail": Channel((1.3, 1.2, 1.1, 1.0, 0.9, 0.5, 0.5), 3.0, 0.10, LANGUAGES, (8, 22)),
    "nps": Channel(
        (1.1, 1.1, 1.0, 1.0, 1.1, 0.8, 0.7), 1.7, 0.0, {"ru": 0.93, "en": 0.07}, (9, 22)
    ),
    "csat": Channel((1.2, 1.1, 1.1, 1.0, 1.0, 0.6, 0.6), 1.3, 0.0, {"en": 0.8, "ru": 0.2}, (9, 21)),
    "reviews": Channel((0.8, 0.9, 0.9, 0.9, 1.0, 1.3, 1.3), 1.3, 0.0, LANGUAGES, (8, 24)),
    "social": Channel((0.9, 0.9, 1.0, 1.0, 1.2, 1.2, 1.0), 5.5, 0.06, LANGUAGES, (8, 24)),
}


@dataclass(frozen=True)
class Utterance:
    """One thing somebody is about to say. `polarity` is neg, neu or pos."""

    channel: str
    when: datetime
    person: Person
    product: str
    topic: str
    polarity: str


def in_outage(day: date) -> bool:
    """Say whether payments were down on this day."""
    return OUTAGE[0] <= day <= OUTAGE[1]


def app_version(day: date) -> str:
    """The app's version on a day: a release every ten days, 4.1 to 4.6."""
    return f"4.{1 + (day - START).days // 10}"


def tell(rng: random.Random, crowd: list[Person], channel: str, count: int) -> list[Utterance]:
    """Plan `count` utterances of one channel, oldest first."""
    by_language: dict[str, list[Person]] = {}
    for person in crowd:
        by_language.setdefault(person.language, []).append(person)
    return list(_tell(rng, by_language, channel, count))


def _tell(
    rng: random.Random, crowd: dict[str, list[Person]], name: str, count: int
) -> Iterator[Utterance]:
    channel = CHANNELS[name]
    languages = {code: share for code, share in channel.languages.items() if code in crowd}
    temper = Temper(rng, channel)
    for when in _moments(rng, channel, count):
        language = rng.choices(list(languages), list(languages.values()))[0]
        product, topic = _subject(rng, name, when.date())
        polarity = temper.polarity(product, topic, when.date())
        yield Utterance(name, when, rng.choice(crowd[language]), product, topic, polarity)


def _moments(rng: random.Random, channel: Channel, count: int) -> list[datetime]:
    days = [START + timedelta(days=n) for n in range(DAYS)]
    weights = [channel.week[day.weekday()] * _surge(channel, day) for day in days]
    chosen = rng.choices(days, weights, k=count)
    return sorted(_moment(rng, channel, day) for day in chosen)


def _surge(channel: Channel, day: date) -> float:
    if in_outage(day):
        return channel.outage_surge
    return 1 + (channel.outage_surge - 1) / 3 if OUTAGE[1] < day <= AFTERMATH else 1.0


def _moment(rng: random.Random, channel: Channel, day: date) -> datetime:
    first, last = channel.hours
    hour = int(rng.triangular(first, last, first + (last - first) * 0.6))
    clock = (min(hour, 23), rng.randrange(60), rng.randrange(60))
    return datetime(day.year, day.month, day.day, *clock, tzinfo=MOSCOW)


def _subject(rng: random.Random, channel: str, day: date) -> tuple[str, str]:
    weights = {"Shop": 1.0} if channel == "shop_mail" else PRODUCTS
    product = rng.choices(list(weights), list(weights.values()))[0]
    blame = 0.8 if channel in ("mail", "social", "shop_mail") else 0.7
    if in_outage(day) and rng.random() < blame:
        return rng.choices(("Shop", "Club", "Delivery"), (0.86, 0.08, 0.06))[0], "payments"
    if OUTAGE[1] < day <= AFTERMATH and rng.random() < blame / 2:
        return "Shop", "payments"
    if rng.random() < 0.09:
        return product, "support"
    if product == "Shop" and rng.random() < 0.06:
        return product, "payments"
    return product, product.lower()


class Temper:
    """Deals moods so that even a few answers show their shares: what came up short comes sooner."""

    def __init__(self, rng: random.Random, channel: Channel) -> None:
        self.rng = rng
        self.gloom = channel.gloom
        self._owed: dict[str, dict[str, float]] = {}

    def polarity(self, product: str, topic: str, day: date) -> str:
        """Choose how the next one on this product feels."""
        if topic == "payments" and OUTAGE[0] <= day <= AFTERMATH:
            return self.rng.choices(("neg", "neu", "pos"), (0.92, 0.06, 0.02))[0]
        negative, positive = _mood(product, day)
        negative = min(0.95, negative + self.gloom)
        positive = max(0.02, positive - self.gloom * 1.2)
        owed = self._owed.setdefault(product, dict.fromkeys(("neg", "pos", "neu"), 0.0))
        for mood, share in zip(owed, (negative, positive, 1 - negative - positive), strict=True):
            owed[mood] += share
        chosen = max(owed, key=lambda mood: owed[mood] + self.rng.random() * 0.4)
        owed[chosen] -= 1
        return chosen


def _mood(product: str, day: date) -> tuple[float, float]:
    if product != IMPROVING:
        return MOOD[product]
    done = (day - START).days / (DAYS - 1)
    first, last = APP_MOOD_FIRST, APP_MOOD_LAST
    return first[0] + (last[0] - first[0]) * done, first[1] + (last[1] - first[1]) * done


# Ratings agree with the words, mostly: (rating, weight) per polarity.
NPS = {
    "neg": ((0, 3), (1, 2), (2, 3), (3, 4), (4, 3), (5, 3), (6, 3), (7, 1), (9, 0.5)),
    "neu": ((5, 1), (6, 2), (7, 4), (8, 4), (9, 1)),
    "pos": ((6, 0.3), (7, 1), (8, 4), (9, 6), (10, 8), (1, 0.2)),
}
STARS = {
    "neg": ((1, 6), (2, 4), (3, 2), (4, 0.4), (5, 0.3)),
    "neu": ((2, 1), (3, 6), (4, 3), (5, 1)),
    "pos": ((3, 0.4), (4, 4), (5, 9), (1, 0.2)),
}


def rating(rng: random.Random, scale: dict[str, tuple[tuple[int, float], ...]], mood: str) -> int:
    """Draw the number that goes with the words; now and then it contradicts them."""
    numbers, weights = zip(*scale[mood], strict=True)
    return int(rng.choices(numbers, weights)[0])
