"""Takes pictures of three pages, on a desk and on a phone, by day and by night, to be looked at: ``make pictures``."""

import eyes
import host
from audit import SITE

#: The landing page, a chapter, a list. At their tops, where a reader begins.
PAGES = ("book/index", "book/energy/gas", "book/back/chronology")
WIDTHS = {"desk": eyes.DESKTOP, "phone": 360}
OUT = SITE.with_name("pictures")


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with host.hosted(SITE) as address, eyes.browser() as browser:
        for page in PAGES:
            for where, width in WIDTHS.items():
                for theme in ("light", "dark"):
                    picture = OUT / f"{page.removeprefix('book/').replace('/', '-')}-{where}-{theme}.png"
                    with eyes.visit(browser, f"{address}{page}.html", width=width, theme=theme) as shown:
                        shown.set_viewport_size({"width": width, "height": 1600})
                        picture.write_bytes(shown.screenshot())
                    print(picture)


if __name__ == "__main__":
    main()
