"""One set of linear facts, asked again and again for the least of a sum. PURE.

Here: scipy's HiGHS, kept between questions so that each begins where the last
ended. `scipy.optimize.milp` builds everything anew for each question, which
takes six times as long as the answer; so what it stands on is used directly, by
a name that scipy keeps to itself. The scipy that is installed is pinned, and
test_disclosure_attack.py compares both. Called by puzzle.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

# scipy.optimize is imported where it is used: it costs every process a third of a second at its start, and only the
# building of a release needs it.
if TYPE_CHECKING:
    from scipy.sparse import csc_array

Vector: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
NEARLY = 1e-6
MOST_PASSES = 20
MOST_SECONDS = 30.0  # for one question
LOST = "Unknown"  # what HiGHS says, now and then, where the last answer leads nowhere: it must begin anew
# HiGHS's numbers for the simplex that goes on from where the last question ended, and for the one that begins anew.
PRIMAL, DUAL = 4, 1


class CannotJudge(ValueError):
    """The cells contradict each other or the search did not end: the release must not be published."""


@dataclass(frozen=True)
class Facts:
    """`lows` <= `matrix` x <= `highs`, and each x between `least` and `most`. `simplex`: by which they are searched."""

    matrix: csc_array
    lows: Vector
    highs: Vector
    least: Vector
    most: Vector
    simplex: int = PRIMAL

    def at_least(self, costs: Vector) -> Vector:
        """The x for which `costs` x is least. Raises CannotJudge."""
        solver = self._solver
        solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        if (status := self._run()) == LOST:
            solver.clearSolver()
            status = self._run()
        if status != "Optimal":
            raise CannotJudge(status)
        return np.array(solver.getSolution().col_value)

    def _run(self) -> str:
        self._solver.run()
        return str(self._solver.modelStatusToString(self._solver.getModelStatus()))

    def plain_limits(self) -> tuple[Vector, Vector]:
        """Between which each whole x must lie by one row after the other: never narrower than the truth."""
        entries = self.matrix.tocoo()
        rows, columns, by = entries.row, entries.col, entries.data
        least, most = self.least.copy(), self.most.copy()
        up = by > 0
        for _ in range(MOST_PASSES):
            low = by * np.where(up, least[columns], most[columns])
            high = by * np.where(up, most[columns], least[columns])
            # What a row leaves to one x when the others are as small, or as large, as they can be.
            at_most = self.highs[rows] - np.bincount(rows, low, len(self.highs))[rows] + low
            at_least = self.lows[rows] - np.bincount(rows, high, len(self.lows))[rows] + high
            before = most.sum() - least.sum()
            np.minimum.at(most, columns, np.floor(np.where(up, at_most, at_least) / by + NEARLY))
            np.maximum.at(least, columns, np.ceil(np.where(up, at_least, at_most) / by - NEARLY))
            if most.sum() - least.sum() == before:
                break
        return least, most

    def let_column(self, column: int, least: float, most: float) -> None:
        """From now on the x of a column may lie between these."""
        self.least[column], self.most[column] = least, most
        self._solver.changeColBounds(column, least, most)

    def let_row(self, row: int, low: float, high: float) -> None:
        """From now on the sum of a row may lie between these."""
        self.lows[row], self.highs[row] = low, high
        self._solver.changeRowBounds(row, low, high)

    def whole_at_least(self, costs: Vector) -> Vector:
        """The same in whole numbers. Raises CannotJudge."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        answer = milp(
            costs,
            constraints=LinearConstraint(self.matrix, self.lows, self.highs),
            bounds=Bounds(self.least, self.most),
            integrality=np.ones(len(costs)),
            options={"time_limit": MOST_SECONDS},
        )
        if answer.x is None or answer.status:
            raise CannotJudge(answer.message)
        return np.array(np.round(answer.x))

    @cached_property
    def _solver(self) -> Any:
        from scipy.optimize._highspy import _core

        program = _core.HighsLp()
        rows, columns = self.matrix.shape
        program.num_col_ = program.a_matrix_.num_col_ = columns
        program.num_row_ = program.a_matrix_.num_row_ = rows
        program.a_matrix_.format_ = _core.MatrixFormat.kColwise
        program.a_matrix_.start_ = self.matrix.indptr
        program.a_matrix_.index_ = self.matrix.indices
        program.a_matrix_.value_ = self.matrix.data
        program.col_cost_ = np.zeros(columns)
        program.col_lower_, program.col_upper_ = self.least, self.most
        program.row_lower_, program.row_upper_ = self.lows, self.highs
        solver = _core._Highs()
        solver.setOptionValue("output_flag", False)
        # One question differs from the last by its costs alone, so the last answer still fits every fact: the primal
        # simplex walks on from there. The dual, which HiGHS would choose, begins anew: of many small questions that
        # takes eight times the time, and of few large ones a third.
        solver.setOptionValue("simplex_strategy", self.simplex)
        solver.passModel(program)
        return solver
