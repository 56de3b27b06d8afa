"""What a reader's browser finds on a page: requests, errors, faults of access, and what the keyboard reaches.

Each function takes a browser and an address and returns plain values; bars and tests judge them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from chromium import chromium
from playwright.sync_api import Browser, Page, sync_playwright

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
KEYBOARD = Path(__file__).with_name("keyboard.js").read_text(encoding="utf-8")
DESKTOP, PHONE = 1280, 320
HERE = ("data:", "blob:", "about:")
UNFOLD = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync(`*, ::before, ::after {
    animation: none !important; content-visibility: visible !important; transition: none !important;
  }`);
  document.adoptedStyleSheets.push(still);
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
}"""
#: A few elements of each kind: what has the same classes as its neighbours and holds no other element has their colours too.
THIN = """() => {
  const kinds = new Map(), kind = (e) => (e && e !== document.body ? `${kind(e.parentElement)}>${e.localName}.${e.className}` : "");
  for (const e of document.querySelectorAll("body :not(:has(*))")) {
    const alike = (kinds.get(kind(e)) ?? 0) + 1;
    kinds.set(kind(e), alike);
    if (alike > 3) e.textContent = "";
  }
}"""
#: A drawing is one image to a reader of any kind; its parts are no elements of the page.
RUN_AXE = """async (options) => {
  const { violations } = await axe.run({ exclude: ["svg[role=img] > *"] }, { resultTypes: ["violations"], ...options });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""
#: Only these rules look at colours: all others find the same in both themes.
COLOURS = ["color-contrast", "link-in-text-block"]
FORM, COLOUR = {"rules": {rule: {"enabled": False} for rule in COLOURS}}, {"runOnly": COLOURS}


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium of its own, without what a browser does on its own account."""
    with sync_playwright() as tools:
        quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--allow-file-access-from-files"]
        started = tools.chromium.launch(executable_path=chromium(), args=["--no-sandbox", *quiet])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def visit(browser: Browser, address: str, *, width: int = DESKTOP, theme: str = "light") -> Iterator[Page]:
    """A page, loaded and at rest, in a window of this width."""
    window = {"width": width, "height": 900 if width > 600 else 640}
    context = browser.new_context(viewport=window, color_scheme=theme, reduced_motion="reduce", service_workers="block")
    page = context.new_page()
    try:
        arrive(page, address)
        yield page
    finally:
        context.close()


def arrive(page: Page, address: str) -> None:
    """Open a page and wait until it is loaded and its script, if any, has started."""
    page.goto(address, wait_until="load")
    page.locator("html:not(.no-js)").wait_for(state="attached")


def loads(browser: Browser, address: str) -> dict:
    """All that a page asks for, down to its end: requests, sizes before compression, foreign requests, errors."""
    seen, errors, own = [], [], address.split("/")[2]
    context = browser.new_context(viewport={"width": DESKTOP, "height": 900}, service_workers="block")
    context.route(lambda url: not _own(url, own), lambda route: route.abort())
    page = context.new_page()
    page.on("request", lambda request: seen.append(request))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        arrive(page, address)
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        sizes = [(r.resource_type, len(_body(r))) for r in seen if _own(r.url, own) and not r.url.startswith(HERE)]
    finally:
        context.close()
    return {
        "bytes": sum(size for _, size in sizes),
        "assets": sum(size for kind, size in sizes if kind in ("stylesheet", "script", "font")),
        "requests": sum(not r.url.startswith(HERE) for r in seen),
        "foreign": sorted({r.url for r in seen if not _own(r.url, own)}),
        "errors": errors,
    }


def _own(url: str, host: str) -> bool:
    return url.startswith(HERE) or (url.split("/") + ["", ""])[2] == host


def _body(request) -> bytes:
    response = request.response()
    return response.body() if response and response.status == 200 else b""


def axe(browser: Browser, address: str, *, samples: bool = False) -> dict[str, list[str]]:
    """Violations that axe-core finds with everything unfolded, by theme: rule, element, width of the window.

    With ``samples``, colours are looked at on a few elements of each kind, which takes a fraction of the time.
    """
    found: dict[str, list[str]] = {"light": [], "dark": []}

    def run(theme: str, width: int, options: dict) -> None:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        found[theme] += [f"{fault} at {width}" for fault in page.evaluate(RUN_AXE, options)]

    with visit(browser, address) as page:
        page.evaluate(UNFOLD)
        page.evaluate(AXE)
        for width in (DESKTOP, PHONE):
            run("light", width, FORM)
        if samples:
            page.evaluate(THIN)
        for theme in found:
            for width in (DESKTOP, PHONE):
                run(theme, width, COLOUR)
    return found


def keyboard(browser: Browser, address: str, width: int = DESKTOP) -> list[str]:
    """What goes wrong for a reader who only presses Tab, from the top of the page to its end."""
    with visit(browser, address, width=width) as page:
        count = page.evaluate(KEYBOARD)
        for _ in range(count + 2):
            page.keyboard.press("Tab")
        return [f"{fault} at {width}" for fault in page.evaluate("usKeyboard()")]


def overflow(browser: Browser, address: str, width: int = PHONE) -> int:
    """By how many pixels the whole page scrolls sideways."""
    with visit(browser, address, width=width) as page:
        return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def search(browser: Browser, address: str, words: str) -> list[str]:
    """What the field for searching on a page leads to: the titles found."""
    with visit(browser, address) as page:
        field = page.locator('input[name="q"]').first
        field.fill(words)
        field.press("Enter")
        page.get_by_text("Search finished").wait_for(timeout=15_000)
        return page.locator("#search-results li > a, ul.search li > a").all_inner_texts()
