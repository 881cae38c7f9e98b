import pytest

from feedback.text.redact import redact


@pytest.mark.parametrize(
    "link",
    [
        "https://www.facebook.com/profile.php?id=100012345678901",
        "https://facebook.com/people/Ivan-Petrov/100012345/",
        "https://vk.com/id12345?from=search",
        "https://www.reddit.com/user/anna_b/",
        "https://bsky.app/profile/anna.bsky.social",
        "https://www.youtube.com/channel/UCabcdefghijklmnop",
        "youtube.com/user/annab",
        "https://www.youtube.com/@anna_b",
        "https://discord.com/users/123456789012345678",
        "tg://resolve?domain=anna_b",
        "https://t.me/s/anna_b",
    ],
)
def test_a_link_to_a_profile_is_taken_with_all_that_says_whose_it_is(link: str) -> None:
    assert redact(f"пишите {link}, жду") == ("пишите [handle], жду", {"handle": 1})
    assert redact(f"пишите ({link}).").text == "пишите ([handle])."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("это @ivan-petrov, да", "это [handle], да"),
        ("ник @2mironova", "ник [handle]"),
        ("go @49ers!", "go [handle]!"),
        (".@name ответьте", ".[handle] ответьте"),
        ("тг:@vasya_p", "тг:[handle]"),
        ("Instagram:@masha_k", "Instagram:[handle]"),
        ("cc:@bob_w", "cc:[handle]"),
        ("RT @a_b:@c_d", "RT [handle]:[handle]"),
        ("nick=@masha_k", "nick=[handle]"),
    ],
)
def test_a_handle_is_taken_whole_whatever_stands_before_it(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "@media print, @types/node, @types, @Override",
        "видео 4K @60fps, в 5 @ 10, @10am, @2x",
        "postgres://user:@localhost/db",
        "5 @ shop.example",
    ],
)
def test_what_is_no_handle_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    "email", ["john @ gmail.com", "ivan＠mail.ru", "ivan@xn--80a1acny.xn--p1ai"]
)
def test_an_address_in_an_odd_spelling_is_taken(email: str) -> None:
    assert redact(f"почта: {email}, жду").text == "почта: [email], жду"
