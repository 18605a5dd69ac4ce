"""
Programs: at most one option of each group, under rows of any kind, solved by HiGHS.

HiGHS (https://highs.dev) proves how much better any other choice could be, and stops once that
is little enough.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from .errors import PlanError

Floats = NDArray[np.float64]

OPTIMAL, TIMED_OUT = "optimal", "time limit"
"""Of a solution: proven up to the gap asked for, or the best that was found in time."""

_TOLERANCE = 1e-9  # of a row whose largest coefficient is 1, and of whole numbers
_LOOSE = 1e-6  # of rows with numbers that need not be whole
_LARGEST_GAIN = 1024.0  # of an option, as HiGHS sees it: its tolerances are absolute
_INFEASIBLE = "No choice meets all that is wished for at once; loosen a wish or raise the budget."


@dataclass(frozen=True, eq=False, slots=True)
class Program:
    """
    What is to be chosen, so that the sum of the benefits is the most.

    Attributes
    ----------
    benefit
        Of each variable, ``(n,)``.
    group
        Of which group it is, of which at most one (in sum) is taken; -1: of none, ``(n,)``.
    rows
        Coefficients of further rules, ``(n_rows, n)``, sparse.
    row_low, row_high
        Between which ends each rule must be, infinite where open, ``(n_rows,)``.
    low, high
        Between which ends each variable must be, finite; default 0 and 1, ``(n,)``.
    is_whole
        Whether it must be a whole number; default all, ``(n,)``.
    """

    benefit: Floats
    group: NDArray[np.int64]
    rows: scipy.sparse.csr_array
    row_low: Floats
    row_high: Floats
    low: Floats | None = None
    high: Floats | None = None
    is_whole: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        """Check that all is of one shape, and a number."""
        n, n_rows = len(self.benefit), len(self.row_low)
        of_columns = (self.group, self.low, self.high, self.is_whole)
        if any(len(given) != n for given in of_columns if given is not None):
            msg = f"Wanted {n} of each thing told of a variable; lengths differ."
            raise PlanError(msg)
        if self.rows.shape != (n_rows, n) or len(self.row_high) != n_rows:
            msg = f"Wanted {n_rows} rows by {n} variables; got {self.rows.shape}."
            raise PlanError(msg)
        finite = (self.benefit, self.rows.data, *self._ends())
        if not all(np.isfinite(given).all() for given in finite):
            msg = "Wanted finite benefits, coefficients and ends of variables."
            raise PlanError(msg)
        if np.isnan(self.row_low).any() or np.isnan(self.row_high).any():
            msg = "Wanted ends of rows that are numbers, or infinite; got NaN."
            raise PlanError(msg)

    def _ends(self) -> tuple[Floats, Floats]:
        n = len(self.benefit)
        low = np.zeros(n) if self.low is None else np.asarray(self.low, float)
        high = np.ones(n) if self.high is None else np.asarray(self.high, float)
        return low, high

    def _wholes(self) -> NDArray[np.bool_]:
        return np.ones(len(self.benefit), bool) if self.is_whole is None else self.is_whole


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """
    What was chosen, and how much better any other could be.

    Attributes
    ----------
    x
        Of each variable; whole where it must be, ``(n,)``.
    objective
        Sum of the benefits.
    bound
        No choice within the rules has more.
    gap
        What may be missing, as a share of the bound.
    status
        `OPTIMAL` or `TIMED_OUT`.
    """

    x: Floats
    objective: float
    bound: float
    gap: float
    status: str


def solve_program(
    program: Program, *, gap: float = 1e-4, time_limit_s: float = 60.0, start: Floats | None = None
) -> Solution:
    """
    Solve a program.

    One thread and a fixed seed: the same program has the same solution, byte for byte, unless
    the time limit struck, which the status tells. HiGHS looks at its clock now and then only,
    and may overshoot the limit.

    Parameters
    ----------
    program
        What to solve.
    gap
        Share of the objective that may be missing; 0: nothing.
    time_limit_s
        After this the best that was found is returned, with its true gap. [s]
    start
        A choice within the rules, if one is known, ``(n,)``.

    Raises
    ------
    PlanError
        If no choice is within the rules, or none was found in time.

    Examples
    --------
    A tree or a roof at one place, a sail at another, with 10 to spend:

    >>> import numpy as np, scipy.sparse
    >>> cost = scipy.sparse.csr_array([[4.0, 9.0, 5.0]])
    >>> benefit, place = np.array([90.0, 120.0, 60.0]), np.array([0, 0, 1])
    >>> program = Program(benefit, place, cost, np.array([-np.inf]), np.array([10.0]))
    >>> solve_program(program, gap=0.0).x
    array([1., 0., 1.])
    """
    n = len(program.benefit)
    if n == 0:
        if _breaks(program, np.zeros(0)):
            raise PlanError(_INFEASIBLE)
        return Solution(np.zeros(0), 0.0, 0.0, 0.0, OPTIMAL)
    model, scale = _lay_out(program)
    solver = _open(gap, time_limit_s)
    if solver.passModel(model) == highspy.HighsStatus.kError:
        msg = "The solver refused the program; please report it."
        raise PlanError(msg)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = [float(value) for value in start]
        solver.setSolution(known)
    solver.run()
    status = _read_status(solver, time_limit_s)
    whole = program._wholes()  # noqa: SLF001  its own module
    x = np.array(solver.getSolution().col_value, float)
    x = np.where(whole, np.rint(x), x) + 0.0  # no -0.0
    if _breaks(program, x):
        msg = "The solver's choice breaks a rule once rounded; please report it."
        raise PlanError(msg)
    objective = math.fsum(program.benefit * x)
    proven = -solver.getInfo().mip_dual_bound / scale if whole.any() else objective
    bound = max(objective, min(proven, _most(program)))
    return Solution(x, objective, bound, (bound - objective) / max(abs(bound), 1e-300), status)


class _Silent(highspy.Highs):
    """HiGHS without the banner that its constructor prints before it may be told not to."""

    def enableCallbacks(self) -> None:  # noqa: N802  HiGHS's own name
        self.setOptionValue("output_flag", False)  # noqa: FBT003  HiGHS's own order
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _open(gap: float, time_limit_s: float) -> highspy.Highs:
    """Open a solver; a fresh one for each program, as its clock runs on from one to the next."""
    solver = _Silent()  # type: ignore[no-untyped-call]
    options: dict[str, float | str] = {
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
        "time_limit": float(time_limit_s),
        "mip_rel_gap": float(gap),
        "mip_abs_gap": 0.0 if gap == 0.0 else 1e-6,
        "mip_feasibility_tolerance": _TOLERANCE,
        "primal_feasibility_tolerance": _TOLERANCE,
    }
    for name, value in options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            msg = f"The solver knows no option {name} = {value}; please report it."
            raise PlanError(msg)
    return solver


def _lay_out(program: Program) -> tuple[highspy.HighsLp, float]:
    """Lay a program out as HiGHS reads it: rows and objective scaled by powers of two."""
    n = len(program.benefit)
    grouped = np.flatnonzero(program.group >= 0)
    groups, group_row = np.unique(program.group[grouped], return_inverse=True)
    one_of = scipy.sparse.csr_array(
        (np.ones(len(grouped)), (group_row, grouped)), shape=(len(groups), n)
    )
    sizes = _power_of_two(abs(program.rows).max(axis=1).toarray().ravel())
    scaled = scipy.sparse.diags_array(1.0 / sizes) @ program.rows
    matrix = scipy.sparse.csr_array(scipy.sparse.vstack([one_of, scaled]))
    matrix.sort_indices()
    scale = _LARGEST_GAIN / float(_power_of_two(np.abs(program.benefit).max()))
    low, high = program._ends()  # noqa: SLF001  its own module
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n, matrix.shape[0]
    model.col_cost_ = -scale * program.benefit
    model.col_lower_, model.col_upper_ = low, high
    model.row_lower_ = np.concatenate([np.full(len(groups), -np.inf), program.row_low / sizes])
    model.row_upper_ = np.concatenate([np.ones(len(groups)), program.row_high / sizes])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(whole)] for whole in program._wholes()]  # noqa: SLF001
    return model, scale


def _power_of_two(size: Floats) -> Floats:
    """Find the power of two next to a size, by which scaling loses no digit."""
    return np.exp2(np.rint(np.log2(np.where(size > 0.0, size, 1.0))))


def _read_status(solver: highspy.Highs, time_limit_s: float) -> str:
    status, kinds = solver.getModelStatus(), highspy.HighsModelStatus
    if status == kinds.kOptimal:
        return OPTIMAL
    if status in {kinds.kInfeasible, kinds.kUnboundedOrInfeasible}:
        raise PlanError(_INFEASIBLE)
    if solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        return TIMED_OUT
    if status == kinds.kTimeLimit:
        msg = f"No choice was found within {time_limit_s:g} s; allow more time or wish for less."
        raise PlanError(msg)
    told = solver.modelStatusToString(status)
    msg = f"The solver stopped without an answer ({told}); please report it."
    raise PlanError(msg)


def _breaks(program: Program, x: Floats) -> bool:
    """Hold a rounded choice against the rules as they were given, to a part in 10⁹."""
    size = abs(program.rows) @ np.abs(x)
    loose = abs(program.rows) @ (~program._wholes()).astype(float) > 0.0  # noqa: SLF001
    slack = np.where(loose, _LOOSE, _TOLERANCE) * np.maximum(size, 1.0)
    value = program.rows @ x
    over, under = value > program.row_high + slack, value < program.row_low - slack
    return bool(over.any() or under.any())


def _most(program: Program) -> float:
    """Bound the objective by the best of each group, whatever the rows say."""
    low, high = program._ends()  # noqa: SLF001  its own module
    best = np.maximum(program.benefit * low, program.benefit * high)
    grouped = program.group >= 0
    if low[grouped].any():
        return math.fsum(best)
    gain = np.where(high > 0.0, np.maximum(program.benefit, 0.0), 0.0)
    most = np.zeros(int(program.group.max(initial=-1)) + 1)
    np.maximum.at(most, program.group[grouped], gain[grouped])
    return math.fsum(most) + math.fsum(best[~grouped])
