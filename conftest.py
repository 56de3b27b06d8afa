"""For ``pytest --nbval book``: chapters are re-run in warm kernels, as by the build."""

from unionstate.build import warm

warm.kernel_name()
