"""The HTTP session against a server on loopback that says what it is told to say."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from connectors.http import OutcomeUnknown, Rejected
from feedback.errors import Changed, Refused, Unavailable
from tests.connectors.told_server import (
    CUT,
    LATE,
    TOKEN,
    FakeTime,
    Says,
    Server,
    a_session,
    running,
)


@pytest.fixture
def server() -> Iterator[Server]:
    with running(Server()) as started:
        yield started


def test_an_answer_is_its_json_with_its_links(server: Server) -> None:
    links = f'<{server.url}/b?x=1>; rel="next", <{server.url}/z>; rel="prev"'
    server.says(200, {"a": "ё"}, {"Link": links})
    got = server.session().get("a", {"q": "1"})
    assert (got.body, got.next, got.prev) == ({"a": "ё"}, f"{server.url}/b?x=1", f"{server.url}/z")
    assert server.asked == ["GET /a?q=1"]


def test_an_answer_without_content_has_no_body(server: Server) -> None:
    server.says(204, b"")
    assert server.session().post("a", {}).body is None


@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("0", 0)])
def test_it_waits_exactly_as_long_as_the_server_asks(
    server: Server, asked: str, waited: float
) -> None:
    server.says(429, {}, {"Retry-After": asked})
    server.says(200, [1])
    assert server.session().get("a").body == [1]
    assert server.time.slept == [waited]


def test_a_date_to_wait_for_is_taken_by_the_servers_own_clock(server: Server) -> None:
    server.says(503, {}, {"Date": http_date(3600), "Retry-After": http_date(3612)})
    server.says(200, [1])
    server.session().get("a")
    assert server.time.slept == [12]


def test_a_wait_longer_than_our_patience_is_left_to_the_caller(server: Server) -> None:
    server.says(429, {}, {"Retry-After": "3600"})
    with pytest.raises(Unavailable) as caught:
        server.session(patience=60).get("a")
    assert caught.value.retry_after == 3600
    assert (len(server.asked), server.time.slept) == (1, [])


@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wait_asked_of_one_session_keeps_the_whole_account_from_calling(
    server: Server, status: int
) -> None:
    server.says(status, {}, {"Retry-After": "3600"})
    server.always = Says(200, [1])
    with pytest.raises(Unavailable):
        server.session(account=f"asked to wait {status}").get("a")
    server.time.now += 600
    other = server.session(account=f"asked to wait {status}")
    for call in (lambda: other.get("b"), lambda: other.post("b", {})):
        with pytest.raises(Unavailable, match="was not tried") as caught:
            call()
        assert caught.value.retry_after == 3000
        assert not isinstance(caught.value, OutcomeUnknown)
    assert server.asked == ["GET /a"]
    server.time.now += 3000
    assert other.get("b").body == [1]


def test_a_short_wait_asked_of_a_write_is_kept_by_the_look_up_after_it(server: Server) -> None:
    server.says(503, {}, {"Retry-After": "20"})
    server.says(200, [])
    session = server.session(patience=60)
    with pytest.raises(OutcomeUnknown):
        session.post("a", {})
    assert session.get("a").body == []
    assert server.time.slept == [20]


@pytest.mark.parametrize("trouble", [408, 429, 500, 502, 503, 504, CUT])
def test_a_reading_that_fails_for_a_moment_is_tried_again(server: Server, trouble: int) -> None:
    server.says(trouble, {})
    server.says(trouble, {})
    server.says(200, [1])
    assert server.session().get("a").body == [1]
    assert len(server.asked) == 3
    assert all(0 <= slept <= limit for slept, limit in zip(server.time.slept, (1, 2), strict=True))


def test_a_reading_that_goes_on_failing_is_given_up_after_four_tries(server: Server) -> None:
    server.always = Says(503, {})
    with pytest.raises(Unavailable, match="503"):
        server.session().get("a")
    assert len(server.asked) == 4


@pytest.mark.parametrize("trouble", [408, 500, 502, 503, 504, CUT, LATE])
def test_a_write_without_a_clear_answer_is_unknown_and_never_repeated(
    server: Server, trouble: int
) -> None:
    server.always = Says(trouble, {})
    for write in (server.session(read=0.3).post, server.session(read=0.3).patch):
        with pytest.raises(OutcomeUnknown, match="not known whether it was written"):
            write("a", {"text": "x"})
    assert len(server.asked) == 2


def test_a_write_answered_with_a_web_page_is_unknown(server: Server) -> None:
    server.says(200, b"<html>Hello</html>", {"Content-Type": "text/html"})
    with pytest.raises(OutcomeUnknown):
        server.session().post("a", {})


def test_a_write_is_repeated_when_the_server_had_no_room_for_it(server: Server) -> None:
    server.says(429, {}, {"Retry-After": "2"})
    server.says(200, {"id": 1})
    assert server.session().post("a", {"n": 1}).body == {"id": 1}
    assert server.bodies == [{"n": 1}, {"n": 1}]


def test_a_write_that_found_no_connection_was_surely_not_written() -> None:
    time = FakeTime()
    session = a_session("http://127.0.0.1:1", time)
    with session, pytest.raises(Unavailable, match="no connection") as caught:
        session.post("a", {})
    assert not isinstance(caught.value, OutcomeUnknown)
    assert len(time.slept) == 3


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_access_names_the_setting_and_is_not_tried_again(
    server: Server, status: int
) -> None:
    server.always = Says(status, {"error": f"bad {TOKEN}"})
    with pytest.raises(Refused, match=r"sources\.brand\.token") as caught:
        server.session().get("a")
    assert TOKEN not in str(caught.value)
    assert len(server.asked) == 1


def test_a_rejection_tells_the_servers_words_without_ours(server: Server) -> None:
    said = f"Contact Anna Petrova <anna@example.com> +7 900 123-45-67 exists, {TOKEN} " + "x" * 300
    server.says(422, {"error": True, "errors": {"name": [said]}, "dump": "secret field"})
    with pytest.raises(Rejected) as caught:
        server.session().post("a", {"contact": {"name": "Anna Petrova"}})
    told = f"{caught.value} {caught.value.said}"
    assert caught.value.status == 422
    assert "name: Contact … <…> … exists" in told
    assert len(caught.value.said) <= 200
    for hidden in ("Anna", "example.com", "123", TOKEN, "secret field"):
        assert hidden not in told
    assert caught.value.body["dump"] == "secret field"


@pytest.mark.parametrize("status", [400, 404, 409, 410])
def test_other_refusals_carry_their_status(server: Server, status: int) -> None:
    server.says(status, b"<html>no</html>")
    with pytest.raises(Rejected, match=str(status)) as caught:
        server.session().get("a")
    assert (caught.value.status, caught.value.said, caught.value.body) == (status, "", None)


@pytest.mark.parametrize("page", [b"<html>Log in</html>", b"", b"[" * 100_000])
def test_a_page_instead_of_json_says_that_the_shape_has_changed(
    server: Server, page: bytes
) -> None:
    server.says(200, page, {"Content-Type": "text/html; charset=utf-8"})
    with pytest.raises(Changed, match="text/html where JSON was expected"):
        server.session().get("a")
    assert len(server.asked) == 1


def test_the_token_does_not_follow_a_redirect_to_another_host(server: Server) -> None:
    with running(Server()) as other:
        server.says(302, {}, {"Location": f"{other.url}/steal"})
        with pytest.raises(Refused, match="redirects to 127"):
            server.session().get("a")
        assert other.asked == []


def test_a_reading_follows_a_redirect_on_its_own_host_but_a_write_does_not(
    server: Server,
) -> None:
    server.says(301, {}, {"Location": "/b?x=1"})
    server.says(200, [1])
    server.says(308, {}, {"Location": "/b"})
    assert server.session().get("a", {"q": 1}).body == [1]
    with pytest.raises(Refused, match="redirects"):
        server.session().post("a", {})
    assert server.asked == ["GET /a?q=1", "GET /b?x=1", "POST /a"]


def test_a_redirect_that_leads_back_to_itself_ends(server: Server) -> None:
    server.always = Says(302, {}, {"Location": "/a"})
    with pytest.raises(Refused, match="only redirects"):
        server.session().get("a")


def test_a_link_to_another_host_is_not_followed_and_one_to_ours_stays_on_our_port(
    server: Server,
) -> None:
    server.says(200, [1])
    assert server.session().get("https://127.0.0.1/next?x=1").body == [1]
    with pytest.raises(Changed, match="another host"):
        server.session().get("http://elsewhere.example/next")
    assert server.asked == ["GET /next?x=1"]


def test_a_relative_link_is_completed_and_a_garbled_one_is_no_end_of_the_list(
    server: Server,
) -> None:
    server.says(200, [1], {"Link": '</b?page=2>; rel="next"'})
    server.says(200, [1], {"Link": '<http://[bad/b>; rel="next"'})
    session = server.session()
    assert session.get("a").next == f"{server.url}/b?page=2"
    garbled = session.get("a").next
    with pytest.raises(Changed, match="another host"):
        session.get(garbled)


@pytest.mark.parametrize("location", ["", "http://[bad/"])
def test_a_redirect_to_nowhere_is_refused(server: Server, location: str) -> None:
    server.says(302, {}, {"Location": location})
    with pytest.raises(Refused, match="redirects to nowhere"):
        server.session().get("a")


def test_neither_the_token_nor_a_query_nor_a_body_reaches_a_log(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.says(503, {})
    server.says(200, {})
    server.says(500, {"error": "broken"})
    server.session().get("a", {"email": "anna@example.com"})
    with pytest.raises(Unavailable) as caught:
        server.session().post("a", {"text": "words"})
    seen = caplog.text + repr(caught.value) + repr(caught.value.__context__)
    assert "GET /a" in seen
    for hidden in (TOKEN, "anna", "words"):
        assert hidden not in seen


def test_the_token_is_sent_and_a_netrc_file_changes_nothing(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.always = Says(200, [])
    server.session().get("a")
    server.session(token=None).get("a")
    assert [h.get("Authorization") for h in server.headers] == [f"Bearer {TOKEN}", None]


def test_a_token_pasted_with_a_line_break_is_trimmed_and_a_cyrillic_one_refused(
    server: Server,
) -> None:
    server.says(200, [])
    server.session(token=SecretStr(f"{TOKEN}\n")).get("a")
    assert server.headers[0]["Authorization"] == f"Bearer {TOKEN}"
    for wrong in ("токен", "a\nb"):
        with pytest.raises(Refused, match=r"sources\.brand\.token") as caught:
            server.session(token=SecretStr(wrong))
        assert wrong not in str(caught.value)


@pytest.mark.parametrize("url", ["example.com", "ftp://example.com", "https://me:pw@example.com"])
def test_a_base_url_that_cannot_be_called_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Refused, match="base_url") as caught:
        a_session(url, FakeTime())
    assert "pw@" not in str(caught.value)


def test_a_certificate_that_is_not_trusted_is_refused_and_nothing_sent(tmp_path: Path) -> None:
    with running(Server(), certificate=self_signed(tmp_path)) as server:
        with pytest.raises(Refused, match="certificate"):
            server.session().post("a", {})
        assert server.asked == []


def test_sessions_of_one_account_share_one_budget(server: Server) -> None:
    server.always = Says(200, [])
    first = server.session(account="shared", per_minute=60)
    second = server.session(account="shared", per_minute=60)
    for _ in range(15):
        first.get("a")
        second.get("a")
    assert 19 <= sum(server.time.slept) <= 21  # 30 calls, of which 10 at once
    server.session(account="another", per_minute=60).get("a")
    assert sum(server.time.slept) <= 21


def test_an_account_without_calls_left_waits_for_its_reset_or_says_how_long(
    server: Server,
) -> None:
    reset = datetime.fromtimestamp(server.time.now + 30, UTC).isoformat()
    server.says(200, [], {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})
    session = server.session(patience=60)
    session.get("a")
    server.says(200, [], {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "300"})
    session.get("a")
    assert server.time.slept == [30]
    with pytest.raises(Unavailable) as caught:
        session.get("a")
    assert caught.value.retry_after == 300
    assert len(server.asked) == 2


def test_an_answer_that_drips_for_ever_is_given_up(server: Server) -> None:
    server.always = Says(200, [1] * 100_000)
    server.time.runs = 400
    with pytest.raises(Unavailable, match="no full answer in time"):
        server.session().get("a")


def http_date(seconds: float) -> str:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
