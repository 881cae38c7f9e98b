"""The topic table: what share of voices speaks of each topic and wants each thing, by week.

A voice may speak of several topics, so shares do not add up to the whole.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd

from feedback.metrics import sentiment
from feedback.metrics.catalogue import Metric, Tally, everybody, share
from feedback.metrics.compute import FEW

KEY = ["metric", "topic", "grain", "period"]
COLUMNS = [*KEY, "value", "n", "low", "high", "status"]
FOUND = {
    "ru": "Доля высказываний со словами; одно может касаться нескольких тем, поэтому доли не "
    "складываются в 100 %. Их находят объявленные фразы и обученная модель; обе ошибаются, "
    "интервал ошибок не включает. Повторы и отказавшиеся от анализа не входят.",
    "en": "A share of voices with words; one may speak of several things, so shares do not add up "
    "to 100%. They are found by declared phrases and a trained model; both err, and the interval "
    "leaves their errors out. Repeats and people who refused analysis are not counted.",
}
TOPIC_SHARE = Metric(
    name="topic_share",
    title={"ru": "О чём говорят", "en": "What they talk about"},
    question={
        "ru": "Какая доля высказываний касается каждой темы?",
        "en": "What share of voices speaks of each topic?",
    },
    unit="share",
    owner="customer care",
    caveat=FOUND,
    higher_is="neither",
    score=everybody,
    estimate=share,
)
TOPIC_NEGATIVE = Metric(
    name="topic_negative_share",
    title={"ru": "Недовольны темой", "en": "Unhappy about a topic"},
    question={
        "ru": "Какая доля упоминаний темы недовольная?",
        "en": "What share of a topic's mentions is unhappy?",
    },
    unit="share",
    owner="customer care",
    caveat={
        "ru": "Судят только предложения о теме. Доля среди оценённых упоминаний: где модель не "
        "уверена, упоминание не входит в знаменатель. Модель ошибается; интервал её ошибок не "
        "включает.",
        "en": "Only the sentences about the topic are judged. A share of judged mentions: where "
        "the model was unsure the mention is not in the denominator. The model errs; the interval "
        "leaves its errors out.",
    },
    higher_is="worse",
    score=sentiment.negative,
    estimate=share,
)
INTENT_SHARE = Metric(
    name="intent_share",
    title={"ru": "Чего хотят", "en": "What they want"},
    question={
        "ru": "Какая доля высказываний спрашивает, жалуется, хвалит, просит?",
        "en": "What share of voices asks, complains, praises, requests?",
    },
    unit="share",
    owner="customer care",
    caveat=FOUND,
    higher_is="neither",
    score=everybody,
    estimate=share,
)
TOPIC_METRICS = (TOPIC_SHARE, TOPIC_NEGATIVE, INTENT_SHARE)


def compute(
    voices: pd.DataFrame,
    *,
    topics: Sequence[str],
    intents: Sequence[str],
    timezone: str,
    start: date,
    min_n: int = FEW,
) -> pd.DataFrame:
    """The long topic table of `voices`, sorted; empty where none of them is tagged.

    Reads said_at (UTC), topics and intents, each {key: sentiment}, or None where the voice was not
    tagged. Returns COLUMNS: every declared key for each ISO week with voices and for the whole
    period from `start` on. `n` is the tagged voices, of topic_negative_share the judged mentions.
    Where less than `min_n` speak of a topic, but some do, or n is less, the status is "few" and
    value, low and high are NaN.
    """
    tagged = voices[voices["topics"].notna()]
    if tagged.empty:
        return pd.DataFrame(columns=COLUMNS)
    spoken, wanted = _mentions(tagged["topics"]), _mentions(tagged["intents"])
    parts = [
        _measure(metric, keys, mentions, periods, min_n).assign(grain=grain)
        for grain, periods in _periods(tagged["said_at"], timezone, start)
        for metric, keys, mentions in (
            (TOPIC_SHARE, topics, spoken),
            (TOPIC_NEGATIVE, topics, spoken),
            (INTENT_SHARE, intents, wanted),
        )
    ]
    table = pd.concat(parts, ignore_index=True).sort_values(KEY, ignore_index=True)
    return table.assign(period=pd.to_datetime(table["period"]).dt.date)[COLUMNS]


def _periods(said_at: pd.Series, timezone: str, start: date) -> Iterator[tuple[str, pd.Series]]:
    """Each grain with the first day of the period of each voice."""
    days = said_at.dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize()
    days = days.reset_index(drop=True)
    yield "week", days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    yield "period", pd.Series(pd.Timestamp(start), index=days.index)


def _mentions(told: pd.Series) -> pd.DataFrame:
    """One row per voice and key: the place of the voice, topic, sentiment."""
    return pd.DataFrame(
        {
            "voice": np.repeat(np.arange(len(told)), [len(one) for one in told]),
            "topic": [key for one in told for key in one],
            "sentiment": [felt for one in told for felt in one.values()],
        }
    )


def _measure(
    metric: Metric, keys: Sequence[str], mentions: pd.DataFrame, periods: pd.Series, min_n: int
) -> pd.DataFrame:
    mentions = mentions.assign(
        period=periods.to_numpy()[mentions["voice"]], score=metric.score(mentions)
    )
    sums = mentions.groupby(["period", "topic"])["score"].agg(["count", "sum"])
    voices = periods.value_counts().sort_index()
    every = pd.MultiIndex.from_product([voices.index, keys], names=["period", "topic"])
    sums = sums.reindex(every, fill_value=0).reset_index()
    spoken = sums["count"].to_numpy(dtype=np.float64)
    everyone = np.repeat(voices.to_numpy().astype(np.float64), len(keys))
    n = spoken if metric is TOPIC_NEGATIVE else everyone
    total = sums["sum"].to_numpy(dtype=np.float64)
    found = metric.estimate(Tally(n, total, total))
    enough = (n >= min_n) & (n > 0) & ((spoken >= min_n) | (spoken == 0))
    return sums[["period", "topic"]].assign(
        metric=metric.name,
        value=np.where(enough, found.value, np.nan),
        n=n.astype(np.int64),
        low=np.where(enough, found.low, np.nan),
        high=np.where(enough, found.high, np.nan),
        status=np.where(enough, "ok", "few"),
    )
