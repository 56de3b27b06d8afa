"""The promise: a page loads what it needs and looks the same for it."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from matplotlib import pyplot as plt

from unionstate import style
from unionstate.build import assets, drawings
from unionstate.show import figures

PAGE = '<main id="top"><p class="lead quiet">Text <a href="#top">up</a></p><svg><path fill="var(--us-ink)"/></svg></main>'


def sheet(css: str, scripts: str = "", page: str = PAGE) -> str:
    return assets.sheet(css, assets.Words([page]), scripts)


@pytest.mark.parametrize(
    "css, kept",
    [
        ("p{color:red}ul{color:red}", "p{color:red}"),
        (".lead{color:red}.loud{color:red}", ".lead{color:red}"),
        ("#top{color:red}#foot{color:red}", "#top{color:red}"),
        ("p .loud,main>.quiet{color:red}", "main>.quiet{color:red}"),
        ("p:not(.loud){color:red}", "p:not(.loud){color:red}"),
        ("a:hover::after{color:red}", "a:hover:after{color:red}"),
        ("@media print{ul{color:red}}", ""),
        ("@media print{ul{color:red}p{color:red}}", "@media print{p{color:red}}"),
        ("p{--a:1px;--b:var(--a);--c:2px;margin:var(--c)}", "p{--c:2px;margin:var(--c)}"),
        ("body,main{--us-ink:#000;--us-gold:#fff}", "main{--us-ink:#000}"),
    ],
)
def test_of_a_sheet_remains_what_pages_can_use(css, kept):
    assert sheet(css) == kept


def test_what_a_script_may_put_on_a_page_is_kept():
    assert sheet(".loud{color:red}.other{color:red}", 'mark.className = "loud";') == ".loud{color:red}"


def test_a_sheet_with_a_fault_stops_the_build():
    with pytest.raises(ValueError, match="style sheet"):
        sheet("p{color:red}}")


def test_scripts_are_joined_without_their_names_meeting():
    joined = assets.script(["{const a = `x  ${1}`; // said\n}", "{const a = 2;\n}\n//# sourceMappingURL=x.map"])
    assert "`x  ${1}`" in joined and "said" not in joined and "sourceMappingURL" not in joined
    assert joined.count("{const a=") == 2


def test_a_script_starts_after_the_first_drawing_or_is_refused(tmp_path):
    path = tmp_path / "a.js"
    path.write_text('document.addEventListener("DOMContentLoaded", () => go());', encoding="utf-8")
    assert assets.patient(path) == "ready( () => go());"
    path.write_text("go();", encoding="utf-8")
    with pytest.raises(ValueError, match="a.js: starts 0 times"):
        assets.patient(path)


@pytest.fixture(scope="module")
def drawn() -> tuple[str, str]:
    """A figure as matplotlib draws it, with all that figures use, and as a page carries it."""
    with style.canvas() as (figure, (ax)):
        ax.plot([0, 1, 2], [3, 1, 2], "o-", label="a < b")
        ax.bar([0, 1], [1, 2], hatch="//", alpha=0.4)
        ax.annotate("two\nlines", (1, 1), rotation=90)
        ax.legend()
        svg = figures.tidy(figures._svg(figure, "test"), "Three values, 1 to 3.")
        plt.close(figure)
    return svg, drawings.light(svg, "test")


def test_a_drawing_on_a_page_says_the_same_in_half_the_bytes(drawn):
    stored, shown = drawn
    trees = [ElementTree.fromstring(re.sub(r' xmlns(:\w+)?="[^"]*"|xlink:(?=href)', "", svg)) for svg in drawn]
    words = [[text for element in tree.iter("text") for text in "".join(element.itertext()).split()] for tree in trees]
    drawings_of = [[sum(1 for _ in tree.iter(tag)) for tag in ("path", "use", "text", "clipPath", "pattern")] for tree in trees]
    assert words[0] == words[1] and "a" in words[0] and drawings_of[0] == drawings_of[1]
    assert trees[1].get("aria-label") == trees[0].get("aria-label") and trees[1].get("viewBox") == trees[0].get("viewBox")
    assert len(shown) < 0.65 * len(stored)


def test_a_drawing_on_a_page_needs_no_style_attribute_and_refers_to_its_own_parts(drawn):
    _, shown = drawn
    assert not re.search(r"\sstyle=|<style|xlink|DejaVu", shown)
    given, used = re.findall(r'\sid="([^"]+)"', shown), set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', shown))
    assert len(given) == len(set(given)) and {a or b for a, b in used} == set(given)
    assert not set(given) & set(re.findall(r'\sid="([^"]+)"', drawings.light(drawn[0], "another")))


def test_a_coordinate_moves_by_less_than_a_tenth_of_a_point(drawn):
    stored, shown = ([[float(n) for n in re.findall(r"-?\d*\.?\d+", d)] for d in re.findall(r'\sd="([^"]*)"', svg)] for svg in drawn)
    assert [len(path) for path in stored] == [len(path) for path in shown]
    assert max(abs(a - b) for one, two in zip(stored, shown, strict=True) for a, b in zip(one, two, strict=True)) <= 0.0501


def test_the_policy_lets_in_no_host_and_no_inline_style():
    assert "http" not in assets.policy() and "unsafe" not in assets.policy() and "*" not in assets.policy()
