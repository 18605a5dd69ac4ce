"""The addresses from which the browser fetches measures and plans, which are reckoned meanwhile."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from solarpass.errors import SolarpassError
from solarpass.map.opening import find_scene
from solarpass.map.server import base_path
from solarpass.words import LANGUAGES, Words

from .address import kept_score, reckon_heat
from .errors import ShortBudgetError
from .plan_face_terms import PLAN_FACE_TERMS
from .query import read_day, read_euros, read_sieve, read_switch

if TYPE_CHECKING:
    from solarpass.map.scene import Scene

    from .desk import Desk, Wish
    from .plan import Plan
    from .robust import Robustness

PREFIX: Final = "/plan"
MOST_KEPT: Final = 4  # cities and days, each up to some 100 MB; our choice
MOST_PENDING: Final = 3  # that wait to be reckoned, each for minutes; our choice
MOST_PLANS: Final = 64  # of all cities that are kept; our choice
MOST_PLANS_PENDING: Final = 8
LOOK_S: Final = 0.02  # between two looks at whether a plan is chosen
RETRY_S: Final = 30
# How long it takes to reckon all options: at first, and for each site; measured on two cores.
START_S: Final = 10.0
SITE_S: Final = 0.1
GENTLE_S: Final = 90.0  # what takes longer is begun only for who asks for it; our choice
NOT_KEPT: Final = {"Cache-Control": "no-store"}

Key = tuple[str, date]
Asked = TypeVar("Asked")
Found = TypeVar("Found")

_plan_workers = ThreadPoolExecutor(1, thread_name_prefix="plan")
_trial_workers = ThreadPoolExecutor(1, thread_name_prefix="trial")
_desks: OrderedDict[Key, Laying] = OrderedDict()
_plans: OrderedDict[tuple[Key, Wish], Future[Plan]] = OrderedDict()
_trials: OrderedDict[tuple[Key, Wish], Future[Robustness]] = OrderedDict()
_lock = threading.Lock()
_turn = threading.Lock()  # one desk is laid after another


def routes() -> list[Route]:
    """List the routes for ``st.App``."""
    at = f"{base_path()}{PREFIX}/{{digest}}/{{day}}"
    return [
        Route(f"{at}/options.json", _send_desk),
        Route(f"{at}/site.json", _send_site),
        Route(f"{at}/live.json", _send_live),
        Route(f"{at}/plan.json", _send_plan),
        Route(f"{at}/sure.json", _send_sure),
    ]


def plan_address(scene: Scene, day: date) -> str:
    """Folder in which measures and plans of a city on a day lie."""
    return f"{base_path()}{PREFIX}/{scene.digest}/{day.isoformat()}"


class Laying:
    """A desk on its way, which all who wait for it share."""

    def __init__(self, scene: Scene, day: date) -> None:
        self.scene, self.day = scene, day
        self.began = time.monotonic()
        self.about_s = START_S
        self._desk: Future[Desk | str] = Future()
        # It may take minutes, for which a server that is stopped does not wait.
        threading.Thread(target=self._run, name="options", daemon=True).start()

    def _run(self) -> None:
        with _turn:
            try:
                self._desk.set_result(self._lay())
            except BaseException:  # else all who wait would wait for ever
                self._desk.set_result("")
                raise

    def _lay(self) -> Desk | str:
        """Lay the desk; what goes wrong is told in a sentence, or in an empty one."""
        from .desk import open_desk  # noqa: PLC0415 - the engine behind it is not waited for
        from .score import find_score  # noqa: PLC0415

        self.began = time.monotonic()  # it is its turn
        try:
            heat = reckon_heat(self.scene, self.day)
            if heat is not None:
                heat.result()  # which needs the same score
            score = kept_score(self.scene, self.day) or find_score(self.scene.atlas, self.day)
            self.about_s = guess_s(self.scene, self.day)
            return open_desk(score, self.scene.atlas)
        except SolarpassError as error:
            return str(error)
        except Exception:
            logging.getLogger(__name__).exception("Options of %s could not be reckoned.", self.day)
            return ""

    @property
    def is_done(self) -> bool:
        """Tell whether it is laid, or failed."""
        return self._desk.done()

    @property
    def desk(self) -> Desk | str | None:
        """The desk, or why there is none, or None while it is being laid."""
        return self._desk.result() if self._desk.done() else None


def guess_s(scene: Scene, day: date) -> float:
    """Guess how long a desk takes to lay, as far as the city's sites are counted by now. [s]."""
    score = kept_score(scene, day)
    return START_S + SITE_S * (score.sites.n_sites if score else 0)


def lay_desk(scene: Scene, day: date) -> Laying | None:
    """
    Begin to lay the desk of a city on a day, once for all who ask.

    Returns
    -------
    None if too many others are waited for. One that failed is tried again when next asked.
    """
    key = (scene.digest, day)
    with _lock:
        laying = _desks.get(key)
        if laying is None:
            if sum(not other.is_done for other in _desks.values()) >= MOST_PENDING:
                return None
            laying = _desks[key] = Laying(scene, day)
            done = [old for old, other in _desks.items() if other.is_done]
            for old in done[: max(0, len(_desks) - MOST_KEPT)]:
                del _desks[old]
        _desks.move_to_end(key)
        return laying


def tried_out(key: Key, wish: Wish) -> Robustness | None:
    """Find how sure the best plan for a wish is, if that was tried out by now."""
    tried = _trials.get((key, wish))
    return tried.result() if tried and tried.done() and not tried.exception() else None


def choose(key: Key, desk: Desk, wish: Wish) -> Future[Plan] | None:
    """Begin to choose the best plan for a wish, once for all who ask; None if too many wait."""
    return _begin(_plans, (key, wish), lambda: _plan_workers.submit(desk.choose, wish))


def try_out(key: Key, desk: Desk, wish: Wish, plan: Plan) -> Future[Robustness] | None:
    """Begin to try out the best plan for a wish, once for all who ask; None if too many wait."""
    return _begin(_trials, (key, wish), lambda: _trial_workers.submit(desk.try_out, plan))


def _begin(
    kept: OrderedDict[Asked, Future[Found]], asked: Asked, submit: Callable[[], Future[Found]]
) -> Future[Found] | None:
    """Find what was begun, or begin it; what failed is kept no longer than it is waited for."""
    with _lock:
        found = kept.get(asked)
        if found is None:
            if sum(not other.done() for other in kept.values()) >= MOST_PLANS_PENDING:
                return None
            found = kept[asked] = submit()
            done = [old for old, other in kept.items() if other.done()]
            for old in done[: max(0, len(kept) - MOST_PLANS)]:
                del kept[old]
        kept.move_to_end(asked)
        return found


# --- answers


def read_asked(request: Request) -> tuple[Scene, date, str] | None:
    """Read which city, which day and which language are asked for; None if they are none."""
    scene = find_scene(request.path_params["digest"])
    language = request.query_params.get("lang", LANGUAGES[0])
    try:
        day = read_day(request.path_params["day"])
    except ValueError:
        return None
    return None if scene is None or language not in LANGUAGES else (scene, day, language)


def read_wish(request: Request) -> Wish | None:
    """Read what is asked of a plan; None if it is none."""
    from .desk import Wish  # noqa: PLC0415 - the engine behind it is not waited for

    asked = request.query_params
    try:
        budget = read_euros(asked.get("budget"))
        upkeep = read_euros(asked.get("upkeep"))
        is_fair = read_switch(asked.get("fair"))
    except ValueError:
        return None
    sieve, is_read = read_sieve(asked)
    return None if budget is None or not is_read else Wish(budget, upkeep, is_fair, sieve)


def find_desk(request: Request) -> tuple[Desk, Key, str] | Response:
    """Find the desk that is asked for, or the answer that tells why there is none yet."""
    read = read_asked(request)
    if read is None:
        return Response(status_code=404)
    scene, day, language = read
    about_s = guess_s(scene, day)
    is_begun = (scene.digest, day) in _desks
    if "gentle" in request.query_params and about_s > GENTLE_S and not is_begun:
        return answer({"since": None, "about": round(about_s)}, status=202)
    laying = lay_desk(scene, day)
    if laying is None:
        return Response(status_code=503, headers={"Retry-After": str(RETRY_S)})
    desk = laying.desk
    if desk is None:
        since_s = time.monotonic() - laying.began
        told = {"since": round(since_s), "about": round(laying.about_s)}
        return answer(told, status=202)
    if isinstance(desk, str):
        with _lock:
            _desks.pop((scene.digest, day), None)
        return answer({"fault": desk})
    return desk, (scene.digest, day), language


def answer(told: Mapping[str, Any], *, status: int = 200) -> Response:
    """Answer with JSON that nobody keeps."""
    return JSONResponse(dict(told), status_code=status, headers=NOT_KEPT)


def _send_desk(request: Request) -> Response:
    """Send what plans are made from; with 202 how far it is, while that is reckoned."""
    found = find_desk(request)
    if isinstance(found, Response):
        return found
    from .plan_face import tell_desk  # noqa: PLC0415 - the engine behind it is not waited for

    desk, _, language = found
    return answer(tell_desk(desk, language))


def _send_site(request: Request) -> Response:
    """Send the measures of one site."""
    found = find_desk(request)
    if isinstance(found, Response):
        return found
    from .plan_face import tell_site  # noqa: PLC0415

    desk, _, language = found
    site_id = request.query_params.get("id", "")
    if site_id not in desk.options.site_id:
        return Response(status_code=404)
    return answer(tell_site(desk, desk.options.site_id.index(site_id), language))


def _send_live(request: Request) -> Response:
    """Send a plan that is near the best, at once."""
    return _tell(request, lambda desk, wish: desk.choose(wish, is_live=True))


def _tell(request: Request, find: Callable[[Desk, Wish], Plan]) -> Response:
    found = find_desk(request)
    if isinstance(found, Response):
        return found
    wish = read_wish(request)
    if wish is None:
        return Response(status_code=404)
    from .plan_face import tell_plan  # noqa: PLC0415

    desk, _, language = found
    try:
        return answer(tell_plan(desk, wish, find(desk, wish), language))
    except SolarpassError as error:
        return answer({"fault": tell_fault(error, language)})


async def _send_plan(request: Request) -> Response:
    """Send the best plan once it is found."""
    plan = await wait_for_plan(request)
    if isinstance(plan, Response):
        return plan
    return await asyncio.to_thread(_tell, request, lambda _desk, _wish: plan)


async def wait_for_plan(request: Request) -> Plan | Response:
    """Wait until the best plan is found, or give the answer why that cannot be."""
    found = await asyncio.to_thread(find_desk, request)
    if isinstance(found, Response):
        return found
    wish = read_wish(request)
    if wish is None:
        return Response(status_code=404)
    desk, key, language = found
    return await wait_for(choose(key, desk, wish), language)


def tell_fault(error: SolarpassError, language: str) -> str:
    """Say why there is no plan; in German where that is usual, else as the error says it."""
    if not isinstance(error, ShortBudgetError):
        return str(error)
    least = f"{error.least_eur:,}\N{NO-BREAK SPACE}€"
    told = least.replace(",", ".") if language == "de" else least
    return Words(language, PLAN_FACE_TERMS)("short_budget", least=told)


async def wait_for(work: Future[Found] | None, language: str) -> Found | Response:
    """Wait until something is found, or give the answer why it cannot be."""
    if work is None:
        return Response(status_code=503, headers={"Retry-After": str(RETRY_S)})
    try:
        while not work.done():  # noqa: ASYNC110 - what is waited for is of another thread
            await asyncio.sleep(LOOK_S)
    except asyncio.CancelledError:  # the server was told twice to stop, and ends
        return Response(status_code=503)
    try:
        return work.result()
    except SolarpassError as error:
        return answer({"fault": tell_fault(error, language)})


async def _send_sure(request: Request) -> Response:
    """Send how sure the best plan is, once it was tried out."""
    plan = await wait_for_plan(request)
    if isinstance(plan, Response):
        return plan
    found, wish = await asyncio.to_thread(find_desk, request), read_wish(request)
    if isinstance(found, Response) or wish is None:
        return found if isinstance(found, Response) else Response(status_code=404)
    desk, key, language = found
    tried = await wait_for(try_out(key, desk, wish, plan), language)
    if isinstance(tried, Response):
        return tried
    from .plan_face import tell_sure  # noqa: PLC0415

    return answer(tell_sure(desk, plan, tried, language))
