"""Prints where Chromium is, or nothing. Plain Python, so that ``make`` can ask before anything is installed."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ON_MACOS = ("/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def chromium() -> str:
    """The program that CHROMIUM names, else the first one found."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), *filter(os.path.exists, ON_MACOS)]
    return next((str(Path(program)) for program in found if program), "")


if __name__ == "__main__":
    print(chromium())
