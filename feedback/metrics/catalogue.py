"""Every metric we publish, declared: captions, the dictionary and the docs are made from this.

A metric is a score per item and an estimate from the scores' sums, so any grouping is one pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from feedback.metrics import intervals, satisfaction, sentiment
from feedback.metrics.intervals import Floats


@dataclass(frozen=True)
class Tally:
    """Per group, one array each: voices that take part, the sum of their scores, and of squares."""

    n: Floats
    total: Floats
    squares: Floats


@dataclass(frozen=True)
class Estimate:
    """Per group, one array each, in the metric's unit; NaN where n is 0."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Metric:
    """`score` gives one float per item (NaN: takes no part); `estimate` turns sums into a number.

    Texts are given by language, "ru" and "en". Units: "count" in voices or messages, "share" 0..1,
    "points" -100..100. `once` is the column that names what an item repeats; with one it takes
    no part: the words of one voice count once, and a rating once. "": all take part.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    unit: Literal["count", "share", "points"]
    owner: str
    caveat: Mapping[str, str]
    higher_is: Literal["better", "worse", "neither"]
    score: Callable[[pd.DataFrame], Floats]
    estimate: Callable[[Tally], Estimate]
    once: Literal["duplicate_of", "answer_of", ""] = "duplicate_of"


def everybody(items: pd.DataFrame) -> Floats:
    """1 for each item."""
    return np.ones(len(items))


def count(tally: Tally) -> Estimate:
    """How many, with Garwood's interval."""
    return Estimate(tally.n, *intervals.garwood(tally.n))


def share(tally: Tally) -> Estimate:
    """The mean of scores 0 and 1, with Wilson's interval."""
    value = tally.total / np.where(tally.n > 0, tally.n, np.nan)
    return Estimate(value, *intervals.wilson(tally.total, tally.n))


def net_score(tally: Tally) -> Estimate:
    """100 times the mean of scores -1, 0 and 1, with the adjusted Wald interval."""
    promoters = (tally.squares + tally.total) / 2
    detractors = (tally.squares - tally.total) / 2
    value = 100 * tally.total / np.where(tally.n > 0, tally.n, np.nan)
    return Estimate(value, *intervals.net_promoter(promoters, detractors, tally.n))


AMONG_JUDGED = {
    "ru": "Доля среди оценённых текстов: где модель не уверена, текст не входит в "
    "знаменатель. Модель ошибается; интервал её ошибок не включает. Повторы не считаются.",
    "en": "A share of judged texts: where the model was unsure the text is not in the "
    "denominator. The model errs; the interval leaves its errors out. Duplicates are not "
    "counted.",
}
METRICS: tuple[Metric, ...] = (
    Metric(
        name="volume",
        title={"ru": "Обращения", "en": "Voices"},
        question={
            "ru": "Сколько раз клиенты высказались?",
            "en": "How many times did customers speak?",
        },
        unit="count",
        owner="customer care",
        caveat={
            "ru": "Повторы не считаются: те же или почти те же слова того же человека за четыре "
            "недели. Один человек, написавший дважды о разном, это два обращения. Интервал "
            "показывает случайные колебания потока, а не ошибку счёта.",
            "en": "Repeats are not counted: the same or nearly the same words of one person within "
            "four weeks. One person who writes twice about two things counts twice. The interval "
            "shows chance swings of the stream, not an error in counting.",
        },
        higher_is="neither",
        score=everybody,
        estimate=count,
    ),
    Metric(
        name="messages",
        title={"ru": "Сообщения", "en": "Messages"},
        question={
            "ru": "Сколько сообщений пришло, считая повторы?",
            "en": "How many messages came in, repeats included?",
        },
        unit="count",
        owner="customer care",
        caveat={
            "ru": "Каждое сообщение, и повторное тоже: по нему видна работа поддержки, а не число "
            "недовольных или довольных. Массовые копии и потоки одного отправителя входят.",
            "en": "Every message, repeats too: it shows the work of answering, not how many are "
            "happy or unhappy. Copied campaigns and floods of one sender are in it.",
        },
        higher_is="neither",
        score=everybody,
        estimate=count,
        once="",
    ),
    Metric(
        name="negative_share",
        title={"ru": "Доля негативных", "en": "Negative share"},
        question={
            "ru": "Какая доля высказываний недовольная?",
            "en": "What share of what they said is unhappy?",
        },
        unit="share",
        owner="customer care",
        caveat=AMONG_JUDGED,
        higher_is="worse",
        score=sentiment.negative,
        estimate=share,
    ),
    Metric(
        name="positive_share",
        title={"ru": "Доля позитивных", "en": "Positive share"},
        question={
            "ru": "Какая доля высказываний довольная?",
            "en": "What share of what they said is happy?",
        },
        unit="share",
        owner="customer care",
        caveat=AMONG_JUDGED,
        higher_is="better",
        score=sentiment.positive,
        estimate=share,
    ),
    Metric(
        name="csat",
        title={"ru": "Удовлетворённость (CSAT)", "en": "Customer satisfaction (CSAT)"},
        question={
            "ru": "Какая доля ответивших довольна?",
            "en": "What share of those who answered is satisfied?",
        },
        unit="share",
        owner="customer care",
        caveat={
            "ru": "Две верхние оценки шкалы самого ответа (из двух или трёх оценок - только "
            "верхняя); шкалы длиннее 11 оценок не входят. Отвечают не все. Повторы не считаются.",
            "en": "The two highest points of each answer's own scale (of two or three points, the "
            "highest alone); scales of more than 11 points are left out. Not everybody answers. "
            "Duplicates are not counted.",
        },
        higher_is="better",
        score=satisfaction.csat,
        estimate=share,
        once="answer_of",
    ),
    Metric(
        name="nps",
        title={"ru": "Индекс лояльности (NPS)", "en": "Net Promoter Score"},
        question={
            "ru": "Насколько больше тех, кто нас советует, чем тех, кто отговаривает?",
            "en": "By how much do those who recommend us outnumber those who do not?",
        },
        unit="points",
        owner="product",
        caveat={
            "ru": "Только ответы на вопрос о рекомендации по шкале от 0 до 10: доля 9-10 минус "
            "доля 0-6. Малые выборки сильно колеблются. Отвечают не все. Повторы не считаются.",
            "en": "Only answers on the 0 to 10 recommendation scale: share of 9-10 less share of "
            "0-6. It swings widely in small samples. Not everybody answers. Duplicates are not "
            "counted.",
        },
        higher_is="better",
        score=satisfaction.net_promoter,
        estimate=net_score,
        once="answer_of",
    ),
)
