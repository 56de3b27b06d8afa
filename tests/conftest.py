"""What all tests share: the checkout, its chapters as stored, a copy of the data to break."""

import os
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


@pytest.fixture(scope="session")
def raw() -> Path:
    """The publishers' files, where they are: beside the checkout, or in the folder that RAW names."""
    folder = Path(os.environ.get("RAW") or ROOT.parent / "shared" / "raw")
    if not folder.is_dir():
        pytest.skip("the publishers' files are not part of the book: put them into ../shared/raw or name their folder in RAW")
    return folder
