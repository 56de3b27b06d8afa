"""What a chapter cell can show: figures, key numbers, tables, the data used, the source page's claims."""

from unionstate.show import style
from unionstate.show.claims import claims
from unionstate.show.figures import figure
from unionstate.show.numbers import key_numbers, number
from unionstate.show.tables import data_used, table

__all__ = ["claims", "data_used", "figure", "key_numbers", "number", "style", "table"]
