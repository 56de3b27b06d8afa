"""What all tests share: the checkout, its chapters as stored, a copy of the data to break."""

import shutil
from pathlib import Path

import pytest

from unionstate.build import engine

ROOT = Path(__file__).resolve().parents[1]


def pytest_generate_tests(metafunc):
    """A test that asks for ``chapter`` runs once for each notebook of ``_toc.yml``, one that asks for ``page`` for each page."""
    for name, values in (("chapter", engine.chapters(ROOT)), ("page", engine.pages(ROOT))):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, values)


@pytest.fixture
def data_copy(tmp_path, monkeypatch) -> Path:
    """A copy of ``data/`` that the loader reads instead of the checkout's."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("UNIONSTATE_ROOT", str(tmp_path))
    return tmp_path / "data"
