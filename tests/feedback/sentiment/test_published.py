"""Sets as they are published; the files here are ours, in the same form."""

from pathlib import Path

import pytest

from feedback.errors import Changed
from feedback.sentiment import published, sources, train


def test_reviews_of_clothes_are_read(tmp_path: Path) -> None:
    lines = 'review\tsentiment\nсело\tnegative\nплатье\tneautral\n"""лучшее"" платье"\tpositive\n'
    (tmp_path / published.RUREVIEWS).write_text(lines, "utf-8")
    rows = sources.read(tmp_path)

    read = rows[rows["set"] == "rureviews"]
    assert read["text"].tolist() == ["село", "платье", '"лучшее" платье']
    assert read["label"].tolist() == ["negative", "neutral", "positive"]
    assert "rureviews" in set(train.training_rows(rows)["set"])


def test_reviews_of_places_are_read_by_their_stars(tmp_path: Path) -> None:
    told = {"1.": "грубят", "3.": "кафе как кафе", "5.": "вкусно\\nи быстро", "0.": "без оценки"}
    lines = [
        f"address=Улица 1\tname_ru=Кафе\trating={stars}\trubrics=Кафе\ttext={text}\n"
        for stars, text in told.items()
    ]
    (tmp_path / published.YANDEX).write_text("".join(lines), "utf-8")
    (read,) = published.read(tmp_path)

    assert read["text"].tolist() == ["грубят", "кафе как кафе", "вкусно\nи быстро"]
    assert read["label"].tolist() == ["negative", "neutral", "positive"]


@pytest.mark.parametrize("name", [published.RUREVIEWS, published.YANDEX])
def test_a_set_that_is_not_as_it_was_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("a,b\n1,2\n", "utf-8")

    with pytest.raises(Changed, match="nothing was trained"):
        sources.read(tmp_path)
