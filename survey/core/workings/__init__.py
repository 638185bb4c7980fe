"""How a village's figures come about, line by line, from what the release lets out.

Nothing here has seen an exact score. Each line is worked out from the numbers printed in it, so
that a reader with a pocket calculator gets what it says. See docs/method.md.
"""

from survey.core.workings.step import Block, Step
from survey.core.workings.village import About, work_out

__all__ = ["About", "Block", "Step", "work_out"]
