"""The package behind *The Union State in Data*: everything that is not argument.

A chapter needs four things and imports them from here: :func:`load` reads a checked,
typed table of ``data/``; :func:`figure` publishes a figure together with its caption,
alternative text and the data it draws; :func:`number` and :func:`key_numbers` publish the
numbers a text may quote; :func:`data_used` and :func:`claims` print a chapter's data and what the
source page says on its subject.
"""

from unionstate.show import claims, data_used, figure, key_numbers, number, style, table
from unionstate.tables import DataError, load

__version__ = "0.1.0"
__all__ = [
    "DataError",
    "claims",
    "data_used",
    "figure",
    "key_numbers",
    "load",
    "number",
    "style",
    "table",
]
