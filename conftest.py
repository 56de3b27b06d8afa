"""For ``pytest --nbval book``: chapters are re-run in warm kernels, as by the build."""

from unionstate.build import forked, warm

warm.kernel_name()


def pytest_configure(config) -> None:
    """Start the warm process while tests are still being found, unless other processes will run them."""
    runs_here = hasattr(config, "workerinput") or not config.getoption("numprocesses", None)
    if config.getoption("nbval", False) and runs_here and not config.getoption("collectonly"):
        forked.begin(tables=True)
