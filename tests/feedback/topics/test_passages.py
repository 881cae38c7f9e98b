from feedback.topics.passages import PASSAGE, passages


def names(text: str) -> list[list[str]]:
    return [[term.name for term in passage] for passage in passages(text)]


def test_words_and_neighbours_are_told_by_their_dictionary_forms() -> None:
    found = names("Курьеры опоздали")
    assert found == [["курьер", "курьер опоздать", "опоздать"]]


def test_neighbours_do_not_reach_over_a_comma_a_stop_or_a_mark() -> None:
    for between in (", ", ". ", " [email] ", " https://example.com/x "):
        (found,) = names(f"courier{between}parcel")
        assert found == ["courier", "parcel"]


def test_greetings_marks_links_handles_and_numbers_are_no_words() -> None:
    assert names("Hello [name], thanks! 12345 @someone https://a.example/b [phone]") == []
    assert names("Здравствуйте, [name]! Заранее вам спасибо, [email] 42") == [["заранее"]]


def test_a_long_text_is_read_in_passages_that_end_with_a_sentence() -> None:
    sentence = "The courier lost my parcel near the old bridge yesterday. "
    found = passages(sentence * 9)
    assert len(found) > 1
    assert all(len([t for t in one if " " not in t.name]) >= PASSAGE for one in found[:-1])


def test_a_place_is_where_the_words_stand() -> None:
    text = "My [email] Credit  limit"
    (found,) = passages(text)
    assert [text[t.start : t.end] for t in found if t.name == "credit limit"] == ["Credit  limit"]
