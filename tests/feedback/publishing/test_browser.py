"""The page in a real browser: Chromium, where the machine has it with its driver.

One browser per language serves all tests; each gets the page afresh, its choices forgotten.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from feedback.publishing.publish import make, place
from tests.feedback.publishing.samples import make_snapshot

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="no chromium or chromedriver here"),
]


def test_the_page_asks_for_nothing_and_complains_of_nothing(english: webdriver.Chrome) -> None:
    asked = requests(english)
    assert asked, "the log of requests is empty: nothing was watched"
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}
    assert english.get_log("browser") == []


def test_the_browsers_language_is_chosen_at_first(
    english: webdriver.Chrome, russian: webdriver.Chrome
) -> None:
    assert (language(english), language(russian)) == ("en", "ru")
    assert "At a glance" not in seen(russian)
    assert "Sources" in seen(english)
    assert "Источники" in seen(russian)


def test_the_switch_changes_the_language_and_is_remembered(english: webdriver.Chrome) -> None:
    english.find_element(By.CSS_SELECTOR, "label[for=language-ru]").click()
    assert language(english) == "ru"
    assert "Источники" in seen(english)
    assert "Sources" not in seen(english)
    english.refresh()
    assert language(english) == "ru"


def test_the_switches_work_from_the_keyboard(english: webdriver.Chrome) -> None:
    english.find_element(By.ID, "language-en").send_keys(Keys.ARROW_LEFT)
    assert language(english) == "ru"


def test_dark_follows_the_system_and_the_switch_overrules_it(english: webdriver.Chrome) -> None:
    light = paper(english)
    prefer(english, "dark")
    dark = paper(english)
    assert dark != light
    english.find_element(By.CSS_SELECTOR, "label[for=theme-light]").click()
    assert paper(english) == light
    prefer(english, "light")
    english.find_element(By.CSS_SELECTOR, "label[for=theme-dark]").click()
    assert paper(english) == dark


@pytest.mark.parametrize("width", [360, 414, 700, 1040, 1280])
@pytest.mark.parametrize("code", ["ru", "en"])
def test_the_page_never_scrolls_sideways(english: webdriver.Chrome, width: int, code: str) -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    english.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    english.find_element(By.CSS_SELECTOR, f"label[for=language-{code}]").click()
    english.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert english.execute_script("return document.documentElement.scrollWidth") <= width


def test_text_in_charts_stays_readable_on_a_phone(english: webdriver.Chrome) -> None:
    size = {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    english.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    smallest = english.execute_script(
        "return Math.min(...[...document.querySelectorAll('svg text')]"
        ".filter(t => t.getBoundingClientRect().height > 0)"
        ".map(t => parseFloat(getComputedStyle(t).fontSize) * t.getCTM().a))"
    )
    assert smallest >= 10


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_its_ground_as_wcag_asks(
    english: webdriver.Chrome, theme: str
) -> None:
    english.find_element(By.CSS_SELECTOR, f"label[for=theme-{theme}]").click()
    colours = {name: colour(english, name) for name in ("ink", "quiet", "paper", "sheet")}
    for ground in ("paper", "sheet"):
        assert contrast(colours["ink"], colours[ground]) >= 7
        assert contrast(colours["quiet"], colours[ground]) >= 4.5
    for tone in ("plain", "negative", "positive"):
        assert contrast(colour(english, tone), colours["paper"]) >= 3  # graphics: WCAG 1.4.11
    assert contrast(colour(english, "on-tone"), colour(english, "negative")) >= 4.5
    assert contrast(colour(english, "warn-ink"), colour(english, "warn")) >= 7


def test_an_old_page_says_that_it_is_old(english: webdriver.Chrome) -> None:
    for age, warned in (("P1", False), ("P3", True)):
        days = int(age[1])
        english.execute_cdp_cmd(
            "Page.addScriptToEvaluateOnNewDocument",
            {"source": f"Date.now = () => Date.parse('2026-10-31T03:00:00Z') + {days} * 864e5"},
        )
        english.refresh()
        assert ("This page is old" in seen(english)) is warned


def test_in_print_switches_and_links_are_gone_and_paper_is_white(english: webdriver.Chrome) -> None:
    english.find_element(By.CSS_SELECTOR, "label[for=theme-dark]").click()
    english.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    gone = [".switches", "nav", "details", ".files"]
    shown = "return [...document.querySelectorAll(arguments[0])].filter(e => e.offsetParent).length"
    assert [english.execute_script(shown, selector) for selector in gone] == [0] * len(gone)
    assert paper(english) == "rgb(255, 255, 255)"


def test_the_quality_page_asks_for_nothing_and_complains_of_nothing(
    quality: webdriver.Chrome,
) -> None:
    asked = requests(quality)
    assert asked, "the log of requests is empty: nothing was watched"
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}
    assert quality.get_log("browser") == []


def test_one_follows_the_links_between_the_pages_and_keeps_the_language(
    quality: webdriver.Chrome,
) -> None:
    quality.find_element(By.CSS_SELECTOR, "label[for=language-ru]").click()
    assert "Куда делась каждая запись" in seen(quality)
    assert "Where every record went" not in seen(quality)
    quality.find_element(By.CSS_SELECTOR, '[lang="ru"] .back a').send_keys(Keys.ENTER)
    soon = WebDriverWait(quality, 10)  # the page that opens puts its language on itself
    soon.until(lambda page: "Тональность" in seen(page))
    link = quality.find_element(By.CSS_SELECTOR, '[lang="ru"] a[href="quality.html"]')
    link.send_keys(Keys.ENTER)
    soon.until(lambda page: language(page) == "ru")
    assert "Куда делась каждая запись" in seen(quality)


@pytest.mark.parametrize("width", [360, 414, 700, 1040, 1280])
@pytest.mark.parametrize("code", ["ru", "en"])
def test_the_quality_page_never_scrolls_sideways(
    quality: webdriver.Chrome, width: int, code: str
) -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    quality.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    quality.find_element(By.CSS_SELECTOR, f"label[for=language-{code}]").click()
    quality.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert quality.execute_script("return document.documentElement.scrollWidth") <= width


def test_in_print_the_quality_page_keeps_its_tables_and_how_each_suite_went(
    quality: webdriver.Chrome,
) -> None:
    quality.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert "of 2 failed" in seen(quality)
    assert "Adds up" in seen(quality)
    assert "To the numbers" not in seen(quality)
    size = {"width": 690, "height": 800, "deviceScaleFactor": 1, "mobile": False}  # A4's text
    quality.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    assert quality.execute_script("return document.documentElement.scrollWidth") <= 690


def requests(browser: webdriver.Chrome) -> list[str]:
    """The addresses that were asked for since the log was last read."""
    return [
        message["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        for message in [json.loads(entry["message"])["message"]]
        if message["method"] == "Network.requestWillBeSent"
    ]


def language(browser: webdriver.Chrome) -> str:
    return str(browser.execute_script("return document.documentElement.lang"))


def seen(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "body").text


def paper(browser: webdriver.Chrome) -> str:
    return str(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))


def prefer(browser: webdriver.Chrome, scheme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def colour(browser: webdriver.Chrome, name: str) -> str:
    script = "return getComputedStyle(document.documentElement).getPropertyValue(arguments[0])"
    return str(browser.execute_script(script, f"--{name}")).strip()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #rrggbb colours as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return place(make(make_snapshot()), tmp_path_factory.mktemp("published")).page.as_uri()


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, webdriver.Chrome]]:
    started = {code: _browser(code, tmp_path_factory.mktemp(code)) for code in ("en-GB", "ru-RU")}
    yield started
    for browser in started.values():
        browser.quit()


@pytest.fixture
def english(browsers: dict[str, webdriver.Chrome], page: str) -> webdriver.Chrome:
    return _fresh(browsers["en-GB"], page)


@pytest.fixture
def quality(browsers: dict[str, webdriver.Chrome], page: str) -> webdriver.Chrome:
    """The page on data quality, in English."""
    return _fresh(browsers["en-GB"], page.replace("index.html", "quality.html"))


@pytest.fixture
def russian(browsers: dict[str, webdriver.Chrome], page: str) -> webdriver.Chrome:
    return _fresh(browsers["ru-RU"], page)


def _fresh(browser: webdriver.Chrome, page: str) -> webdriver.Chrome:
    browser.get(page)
    browser.execute_script("localStorage.clear()")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(page)
    return browser


def _browser(code: str, profile: Path) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for flag in (*FLAGS, f"--accept-lang={code}", f"--user-data-dir={profile}"):
        options.add_argument(flag)
    logs: dict[str, Any] = {"browser": "ALL", "performance": "ALL"}
    options.set_capability("goog:loggingPrefs", logs)
    return webdriver.Chrome(options=options, service=Service(DRIVER))
