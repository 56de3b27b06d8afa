"""What all tests in a browser share: one Chromium for each process, the site as ``make book`` left it, its pages."""

import audit
import eyes
import host
import pytest


def pytest_generate_tests(metafunc):
    """A test that asks for ``html`` runs once for each page of the site."""
    if "html" in metafunc.fixturenames:
        metafunc.parametrize("html", [f"{page}.html" for page in audit.pages()])


@pytest.fixture(scope="session")
def browser():
    with eyes.browser() as started:
        yield started


@pytest.fixture(scope="session")
def address():
    with host.hosted(audit.SITE) as address:
        yield address
