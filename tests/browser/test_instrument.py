"""The promise: what measures the site notices what it is there for, and every missed bar is named."""

import audit
import eyes
import host
import links
import pytest

WHOLE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body>
<a href="#text">Skip to the text</a><main id="text"><h1>Title</h1>{}</main></body></html>"""


@pytest.fixture
def shown(tmp_path):
    """Writes a page around ``body`` and returns its file and its address."""
    with host.hosted(tmp_path) as address:

        def write(body: str):
            (tmp_path / "page.html").write_text(WHOLE.format(body), encoding="utf-8")
            return tmp_path / "page.html", f"{address}page.html"

        yield write


def test_a_page_without_fault_has_none(browser, shown):
    file, url = shown('<p>Words and <a href="#text">a link</a>.</p><button type="button">Do</button>')
    loaded = eyes.loads(browser, url)
    assert (loaded["requests"], loaded["bytes"], loaded["foreign"], loaded["errors"]) == (1, file.stat().st_size, [], [])
    assert eyes.axe(browser, url) == {"light": [], "dark": []}
    assert eyes.keyboard(browser, url) == links.dead(file) == []
    assert eyes.overflow(browser, url) == 0


def test_a_request_to_another_host(browser, shown):
    loaded = eyes.loads(browser, shown('<script src="https://unpkg.com/thebe"></script>')[1])
    assert loaded["foreign"] == ["https://unpkg.com/thebe"]


@pytest.mark.parametrize("planted", ["nobody.here()", "console.error('nobody')", "throw Error('nobody')"])
def test_an_error_on_the_console(browser, shown, planted):
    (error,) = eyes.loads(browser, shown(f"<script>{planted}</script>")[1])["errors"]
    assert "nobody" in error


def test_a_file_that_is_not_there(browser, shown):
    (error,) = eyes.loads(browser, shown('<script src="gone.js"></script>')[1])["errors"]
    assert "404" in error


def test_weight_is_counted_before_compression(browser, shown, tmp_path):
    (tmp_path / "a.js").write_text("// " + "a" * 9000, encoding="utf-8")
    file, url = shown('<script src="a.js"></script>')
    loaded = eyes.loads(browser, url)
    assert (loaded["assets"], loaded["bytes"]) == (9003, 9003 + file.stat().st_size)


@pytest.mark.parametrize("samples", [False, True])
@pytest.mark.parametrize(
    "body, light, dark",
    [
        ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "image-alt", ""),
        ('<p style="color: #999; background: #fff">Pale</p>', "color-contrast", "color-contrast"),
        ("<style>@media (prefers-color-scheme: dark) { p { color: #222; background: #000 } }</style><p>Dark</p>", "", "color-contrast"),
        ('<details><summary>More</summary><p style="color: #999; background: #fff">Pale</p></details>', "color-contrast", "color-contrast"),
        ("<p>Two</p><input>", "label", ""),
    ],
)
def test_a_fault_of_access(browser, shown, body, light, dark, samples):
    found = eyes.axe(browser, shown(body)[1], samples=samples)
    assert {theme: {fault.split(":")[0] for fault in faults} for theme, faults in found.items()} == {
        "light": {light} - {""},
        "dark": {dark} - {""},
    }
    assert all(fault.endswith((f" at {eyes.DESKTOP}", f" at {eyes.PHONE}")) for faults in found.values() for fault in faults)


@pytest.mark.parametrize(
    "body, fault",
    [
        ('<input aria-label="x" onkeydown="event.preventDefault()">', "keyboard trap"),
        ('<a href="#text" style="outline: none">Here</a>', "focus not visible"),
        ('<label for="c">Menu</label><input id="c" type="checkbox" style="display: none">', "for pointers only"),
        ('<span role="button" onclick="alert()">Press</span>', "for pointers only"),
        ('<button type="button" onfocus="this.blur()">Shy</button>', "not reached by Tab"),
    ],
)
def test_what_a_keyboard_cannot_do(browser, shown, body, fault):
    assert fault in {found.split(":")[0] for found in eyes.keyboard(browser, shown(body)[1])}


def test_a_page_without_a_skip_link(browser, shown):
    file, url = shown("")
    file.write_text(file.read_text(encoding="utf-8").replace('href="#text"', 'href="#nowhere"'), encoding="utf-8")
    (fault,) = eyes.keyboard(browser, url)
    assert fault.startswith("the first stop is no link that skips to the text")
    assert links.dead(file) == ["#nowhere"]


def test_a_page_wider_than_the_screen(browser, shown):
    assert eyes.overflow(browser, shown('<div style="width: 400px">Wide</div>')[1]) > 0


@pytest.mark.parametrize(
    "written",
    ['<a href="other.html">', '<a href="page.html#no">', '<img src="no.svg">', '<label for="no">', '<p aria-describedby="text no">'],
)
def test_a_link_that_leads_nowhere(shown, written):
    (dead,) = links.dead(shown(written)[0])
    assert dead in ("other.html", "page.html#no", "no.svg", "for=no", "aria-describedby=no")


def test_a_missed_bar_is_named_with_page_value_and_bar():
    record = {"page": "book/energy/gas", "KiB": 501.5, "errors": ["x"], "performance": 99, "CLS": 0, "axe dark": []}
    assert list(audit.missed(record)) == [
        "book/energy/gas: KiB is 501.5, at most 500 is wanted",
        "book/energy/gas: errors is 1, at most 0 is wanted",
        "book/energy/gas: performance is 99, at least 100 is wanted",
    ]
    assert "501.5" in audit.table([record]).splitlines()[1]
