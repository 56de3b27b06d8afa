"""The promise: a reader's browser shows every page whole, by itself and without a fault, on a desk and on a phone, by day and by night."""

import audit
import eyes
import pytest

WIDTHS = pytest.mark.parametrize("width", [eyes.DESKTOP, eyes.PHONE])


def test_a_page_asks_no_other_host_and_reports_no_error(browser, address, html):
    loaded = eyes.loads(browser, address + html)
    assert (loaded["foreign"], loaded["errors"]) == ([], [])


def test_axe_finds_no_fault_in_either_theme_on_desk_and_phone(browser, address, html):
    assert eyes.axe(browser, address + html, samples=True) == {"light": [], "dark": []}


@WIDTHS
def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser, address, html, width):
    assert eyes.keyboard(browser, address + html, width) == []


@pytest.mark.parametrize("width", [eyes.PHONE, 768, eyes.DESKTOP])
def test_no_page_scrolls_sideways(browser, address, html, width):
    assert eyes.overflow(browser, address + html, width) <= 0


@pytest.mark.parametrize("start", ["book/index.html", "book/energy/gas.html", "search.html"])
def test_the_search_works_from_disk(browser, start):
    found = eyes.search(browser, (audit.SITE / start).as_uri(), "gas price")
    assert any("Gas" in title for title in found)
