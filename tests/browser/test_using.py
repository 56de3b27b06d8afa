"""The promise: what a page offers works as the guide on reading says, by pointer and by keyboard, and is remembered where it says so."""

import eyes
import pytest

CHAPTER, NEXT = "book/energy/gas.html", "book/energy/oil.html"
TIP = ".us-tip:not([hidden])"


@pytest.fixture
def opened(browser, address):
    """Opens a page of the site in one window's memory; its width can be given, and that its script does not come."""

    def opened(where: str, width: int = eyes.DESKTOP, script: bool = True):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        if script:
            eyes.arrive(page, address + where)
        else:
            page.route("**/*.js", lambda route: route.abort())
            page.goto(address + where)
        return page

    context = browser.new_context(reduced_motion="reduce")
    yield opened
    context.close()


def test_one_switch_opens_all_code_but_no_answer_and_is_remembered(opened):
    chapter = opened(CHAPTER)
    folded = chapter.locator(".tag_hide-input > details:not([open])")
    assert folded.count() > 5
    chapter.get_by_role("button", name="Show all code").click()
    assert folded.count() == 0
    assert chapter.locator(".tag_hide-cell > details[open]").count() == 0
    later = opened(NEXT)
    assert later.locator(".tag_hide-input > details:not([open])").count() == 0
    later.get_by_role("button", name="Show all code", pressed=True).click()
    assert opened(CHAPTER).locator(".tag_hide-input > details[open]").count() == 0


@pytest.mark.parametrize("link", ["a[href*='#term-']", "a:has(.us-num)", "a[href*='#fig-']:has(span)", ".bibtex-citation a"])
def test_a_link_shows_what_it_leads_to_until_escape(opened, link):
    """On hover and on focus; the pointer may go onto what is shown."""
    chapter = opened(CHAPTER)
    first = chapter.locator(f"article {link}").first
    said = first.get_attribute("title")
    first.hover()
    shown = chapter.locator(TIP)
    shown.wait_for()
    assert said and shown.text_content() == said
    shown.hover()
    chapter.wait_for_timeout(400)
    assert shown.is_visible()
    chapter.keyboard.press("Escape")
    assert not shown.is_visible()
    first.focus()
    chapter.keyboard.press("Shift+Tab")
    chapter.keyboard.press("Tab")
    assert shown.text_content() == said
    assert first.get_attribute("aria-describedby") == "us-tip"
    chapter.keyboard.press("Escape")
    assert not shown.is_visible() and not first.get_attribute("aria-describedby")


@pytest.mark.parametrize("where", ["book/index.html", "book/military/posture.html"])
def test_the_arrow_keys_go_from_mark_to_mark_of_a_figure(opened, where):
    drawn = opened(where)
    marks = drawn.locator("figure svg [tabindex]")
    marks.first.focus()
    said = [marks.nth(n).get_attribute("aria-label") for n in range(marks.count())]
    heard = [drawn.locator(TIP).text_content()]
    for _ in said:
        drawn.keyboard.press("ArrowRight")
        heard.append(drawn.locator(TIP).text_content())
    assert len(said) > 10 and heard == [*said, said[0]]


@pytest.mark.parametrize("name", ["back/chronology", "back/data", "back/sources", "synthesis/audit"])
def test_a_long_list_is_filtered_and_says_how_much_it_shows(opened, name):
    listed = opened(f"book/{name}.html")
    count = listed.locator(".us-filters output")
    shown, whole = count.text_content().split(" of ")
    assert shown == whole.split()[0]
    listed.get_by_role("searchbox", name="Filter").fill("gas")
    assert 0 < int(count.text_content().split(" of ")[0]) < int(shown)


def test_search_lists_a_figure_by_the_words_of_its_caption(opened):
    results = opened("search.html?q=implied+rent+cheap")
    figure = results.locator("#search-results a[href$='#fig-gas-implied-rent']")
    figure.wait_for()
    figure.click()
    results.locator("#fig-gas-implied-rent:target").wait_for()
    results.wait_for_function("document.querySelector(':target').getBoundingClientRect().top < innerHeight")


def test_what_is_shown_stays_in_the_window_of_a_phone(opened):
    chapter = opened(CHAPTER, eyes.PHONE)
    for link in chapter.locator("article a:has(.us-num)").all()[:8]:
        link.hover()
        chapter.wait_for_timeout(250)
        box = chapter.locator(TIP).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= eyes.PHONE
        chapter.keyboard.press("Escape")


@pytest.mark.parametrize("width", [eyes.DESKTOP, 700, eyes.PHONE])
def test_a_figure_that_waits_keeps_the_room_it_will_take(opened, width):
    """Or the text would jump while one reads."""
    chapter = opened("book/military/exercises.html", width)
    waits = "[...document.querySelectorAll('.us-figure > .us-scroll')].map((e) => [getComputedStyle(e).contentVisibility, e.clientHeight])"
    kept = chapter.evaluate(waits)
    chapter.evaluate(eyes.UNFOLD)
    taken = chapter.evaluate(waits)
    assert len(kept) > 3 and {way for way, _ in kept} == {"auto"} and {way for way, _ in taken} == {"visible"}
    assert [height for _, height in kept] == pytest.approx([height for _, height in taken], abs=1)


@pytest.mark.parametrize("width", [eyes.PHONE, 412, 700, 1000, eyes.DESKTOP])
@pytest.mark.parametrize("where", ["book/index.html", CHAPTER, "book/back/chronology.html", "book/synthesis/audit.html"])
def test_nothing_moves_when_the_script_arrives(opened, where, width):
    """Before it, a page is as long as one whose script never comes."""
    whole, bare = opened(where, width), opened(where, width, script=False)
    places = """[...document.querySelectorAll(".brand, .us-way a, article :is(h1, h2, h3, p, table, figure)")]
      .flatMap((e) => [e.offsetTop, e.offsetLeft])"""
    for shown in (bare, whole):
        shown.evaluate(eyes.UNFOLD)
    before, after = bare.evaluate(places), whole.evaluate(places)
    assert len(before) > 10 and before == pytest.approx(after, abs=1)
