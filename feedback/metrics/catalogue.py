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
class Declared:
    """What is said of a number. Texts are given by language, "ru" and "en".

    Units: "count" in voices or messages, "share" 0..1, "points" -100..100.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    unit: Literal["count", "share", "points"]
    owner: str
    caveat: Mapping[str, str]
    higher_is: Literal["better", "worse", "neither"]


@dataclass(frozen=True, eq=False)
class Metric(Declared):
    """`score` gives one float per item (NaN: takes no part); `estimate` turns sums into a number.

    `once` is the column that names what an item repeats; with one it takes no part: the words of
    one voice count once, and a rating once. "": all take part.
    """

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
        name="judged_share",
        title={"ru": "Доля оценённых текстов", "en": "Judged share"},
        question={
            "ru": "О какой доле текстов вообще известна тональность?",
            "en": "Of what share of the texts is the sentiment known at all?",
        },
        unit="share",
        owner="customer care",
        caveat={
            "ru": "Доля текстов, о которых модель высказалась уверенно или которые прочёл человек; "
            "об остальных не сказано ничего. Высокая доля не значит, что оценки верны. Повторы и "
            "пустые тексты не считаются.",
            "en": "The share of texts on which the model was sure or which a person read; of the "
            "others nothing is said. A high share does not mean that the labels are right. "
            "Duplicates and empty texts are not counted.",
        },
        higher_is="better",
        score=sentiment.judged,
        estimate=share,
    ),
    Metric(
        name="rating_text_disagreement",
        title={"ru": "Оценка и текст расходятся", "en": "Rating and text disagree"},
        question={
            "ru": "Как часто оценка говорит одно, а слова рядом с ней другое?",
            "en": "How often does a rating say one thing and the words beside it another?",
        },
        unit="share",
        owner="customer care",
        caveat={
            "ru": "Среди текстов с оценкой, признанных негативными или позитивными: доля тех, где "
            "оценка из нижней трети шкалы, а текст позитивный, или из верхней трети, а текст "
            "негативный. Это ошибки модели, ирония, перепутанная шкала или упрёк при хорошей "
            "оценке; которое из них, число не говорит. Повторы не считаются.",
            "en": "Among texts with a rating that were judged negative or positive: those with a "
            "rating in the lowest third of its scale and a positive text, or in the highest third "
            "and a negative text. It is the model's errors, irony, a scale read upside down, or a "
            "reproach beside a good rating; which of them, the number does not tell. Duplicates "
            "are not counted.",
        },
        higher_is="worse",
        score=satisfaction.disagreement,
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


OF_ALL_TEXTS = {
    "ru": "Доля среди всех текстов, и тех, где модель не уверена. Она исправлена по текстам, "
    "которые прочли люди (n): сколько из того, что модель назвала негативным, нейтральным, "
    "позитивным или неясным, оказалось таким на деле, по языкам. Интервал включает ошибку модели. "
    "Читавшие тоже ошибаются; если прочитано только старое, ошибки модели на новом неизвестны.",
    "en": "A share of all texts, those on which the model was unsure included. It is corrected by "
    "the texts that people read (n): how much of what the model called negative, neutral, positive "
    "or unsure really was so, in each language. The interval holds the model's error. Readers err, "
    "too; where only older texts were read, the model's errors on newer ones are not known.",
}
CORRECTED: tuple[Declared, ...] = (
    Declared(
        name="negative_share_corrected",
        title={"ru": "Доля негативных с поправкой", "en": "Corrected negative share"},
        question={
            "ru": "Какая доля всех текстов недовольная, если учесть ошибки модели?",
            "en": "What share of all texts is unhappy, given how the model errs?",
        },
        unit="share",
        owner="customer care",
        caveat=OF_ALL_TEXTS,
        higher_is="worse",
    ),
    Declared(
        name="positive_share_corrected",
        title={"ru": "Доля позитивных с поправкой", "en": "Corrected positive share"},
        question={
            "ru": "Какая доля всех текстов довольная, если учесть ошибки модели?",
            "en": "What share of all texts is happy, given how the model errs?",
        },
        unit="share",
        owner="customer care",
        caveat=OF_ALL_TEXTS,
        higher_is="better",
    ),
)
DECLARED: tuple[Declared, ...] = (*METRICS, *CORRECTED)
