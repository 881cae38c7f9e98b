"""The two things planted in the samples can be found in the files, by plain counting."""

from collections import Counter
from datetime import date
from random import Random
from statistics import mean

from examples.story import STARS, rating
from tests.examples.sample_files import (
    EXPECTED,
    json_day,
    json_lines,
    mail_day,
    nps_scores,
    stars,
    support_mails,
)

START, OUTAGE_WEEK = date(2026, 8, 24), 4


def test_mail_and_posts_surge_in_the_week_of_the_outage():
    for days in (
        [mail_day(message) for message in support_mails()],
        [json_day(post) for post in json_lines("social/posts.jsonl")],
    ):
        weeks = Counter(week(day) for day in days if day)
        others = [number for place, number in weeks.items() if place not in (4, 5, 8)]
        assert weeks[OUTAGE_WEEK] > 1.8 * max(others)


def test_most_of_what_is_said_in_that_week_is_negative():
    shares = EXPECTED["story"]["negative_share_by_week"]
    worst = max(shares, key=lambda monday: shares[monday])
    assert worst == "2026-09-21"
    assert shares[worst] > 0.65 > 0.55 > max(v for k, v in shares.items() if k != worst)


def test_nps_is_lowest_in_that_week():
    by_week: dict[int, list[int]] = {}
    for day, _, score in nps_scores():
        by_week.setdefault(week(day), []).append(score)
    scores = {place: nps(given) for place, given in by_week.items()}
    assert min(scores, key=lambda place: scores[place]) == OUTAGE_WEEK
    assert scores[OUTAGE_WEEK] < mean(scores.values()) - 25


def test_the_app_gets_better_month_by_month():
    august, september, october = (mean(of("App", month)) for month in (8, 9, 10))
    assert august + 0.6 < september < october - 0.6


def test_nothing_else_gets_better_like_the_app():
    for product in ("Shop", "Delivery", "Club"):
        early, late = of(product, 8) + of(product, 9), of(product, 10)
        assert abs(mean(late) - mean(early)) < 0.8


def test_ratings_agree_with_the_words():
    reviews = [row for row in json_lines("forms/reviews.jsonl") if isinstance(row["stars"], int)]
    angry = [row["stars"] for row in reviews if any(word in row["text"] for word in ANGRY)]
    glad = [row["stars"] for row in reviews if any(word in row["text"] for word in GLAD)]
    assert mean(glad) - mean(angry) > 1.5


def test_now_and_then_a_rating_contradicts_the_words():
    given = [rating(Random(seed), STARS, "neg") for seed in range(500)]
    assert mean(given) < 2.3
    assert 0 < given.count(5) < 50


def test_everything_is_said_within_the_sixty_days():
    days = [day for day, _, _ in nps_scores() + stars()]
    days += [day for day in map(mail_day, support_mails()) if day]
    assert min(days) == START
    assert max(days) == date(2026, 10, 22)


ANGRY = ("верните", "Верните", "Перезвоните", "Просто стыд", "Позор", "Терпение", "refund", "Never")
GLAD = ("Рекомендую", "довол", "Спасибо", "спасибо", "Молодцы", "Recommended", "thanks", "Thank")


def week(day: date) -> int:
    """Weeks since the Monday on which the samples begin."""
    return (day - START).days // 7


def nps(scores: list[int]) -> float:
    """Net Promoter Score, in points from -100 to 100."""
    return 100 * mean((score >= 9) - (score <= 6) for score in scores)


def of(product: str, month: int) -> list[int]:
    """Stars of one product given in one month of 2026."""
    return [score for day, name, score in stars() if name == product and day.month == month]
