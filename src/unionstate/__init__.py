"""The package behind *The Union State in Data*: everything that is not argument.

A chapter needs four things and imports them from here: :func:`load` reads a checked,
typed table of ``data/``; :func:`figure` publishes a figure together with its caption,
alternative text and the data it draws; :func:`number` and :func:`key_numbers` publish the
numbers a text may quote; :func:`data_used` and :func:`claims` print a chapter's data and what the
source page says on its subject.
"""

from importlib import import_module

__version__ = "0.1.0"

#: Public name → where it lives. Imported when first asked for: the build needs no plotting library, a chapter not all of them.
_HOME = {
    "DataError": "package",
    "claims": "show.claims",
    "data_used": "show.tables",
    "figure": "show.figures",
    "key_numbers": "show.numbers",
    "load": "tables",
    "number": "show.numbers",
    "publish": "show.files",
    "style": "show",
    "table": "show.tables",
}
__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "style":
        return import_module("unionstate.show.style")
    return getattr(import_module(f"unionstate.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
