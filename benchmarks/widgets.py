"""How well the widgets keep up with a hand: pictures a second while something is dragged.

Run it with `python -m benchmarks.widgets`; names of drags restrict it to these. A real JupyterLab
in a real Chromium is dragged with a real mouse, 60 moves a second for 3 seconds. A picture counts
where a frame of the browser found the widget changed. In the same run an `interact` with an inline
figure, which is how sliders are usually made, is dragged in the same way.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import async_playwright
from playwright.sync_api import Locator
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks import jupyterlab
from benchmarks.jupyterlab import OpenNotebook

STATIC = jupyterlab.ROOT / "src" / "chalkboard" / "static"
WIDTH = 100
PORT = 9333  # of the browser, for the hand that moves the mouse
MOVES_PER_SECOND, SECONDS = 60, 3.0
# What the widgets are to reach.
PICTURES_PER_SECOND, LONGEST_GAP, ANSWER, FIRST_PICTURE, KILOBYTES = 55, 50, 100, 500, 100

SETUP = """
%matplotlib inline
import matplotlib.pyplot as plt, numpy as np, torch
import chalkgrad
from ipywidgets import interact
from chalkboard import *

def sixty(x):
    for _ in range(28):
        x = (x * 1.01).tanh()
    return x * x
"""
EXPLORER = """GradientExplorer(
    lambda x: (x - 3) * (x - 6) * (x - 4), x=2.0, domain=(0, 10), zoom=(2, 7), compare=torch
)"""
SLIDER = ".chalkboard input[type=range]"
INTERACT = """
def draw(x):
    xs = np.linspace(0, 10, 400)
    f = lambda x: (x - 3) * (x - 6) * (x - 4)
    point = torch.tensor(x, requires_grad=True)
    f(point).backward()
    plt.plot(xs, f(xs))
    plt.plot(xs, f(x) + point.grad.item() * (xs - x), "--")
    plt.ylim(-80, 170)
    plt.show()

interact(draw, x=(0.0, 10.0, 0.01))
"""


@dataclass(frozen=True)
class Drag:
    """One thing to drag: a cell that shows it, the handle, and where changes are looked for.

    `grip` is where to take hold, if not anywhere on the handle; `answers` says whether the kernel
    is to answer after release.
    """

    title: str
    cell: str
    handle: str
    picture: str = ".chalkboard"
    grip: str = ""
    answers: bool = False


DRAGS = {
    "explorer": Drag("GradientExplorer: x", EXPLORER, SLIDER, answers=True),
    "stepper": Drag(
        "BackwardStepper, 60 nodes",
        "BackwardStepper(sixty(chalkgrad.tensor(0.5, requires_grad=True)))",
        SLIDER,
    ),
    "surface": Drag(
        "SurfaceExplorer: x",
        "SurfaceExplorer(lambda x, y: x**2 + 3 * y**2, start=(2.0, 1.5), compare=torch)",
        SLIDER,
    ),
    "knobs": Drag(
        "WeightKnobs: w",
        "WeightKnobs([-2.0, -1.0, 0.0, 1.0, 2.0], [-2.5, -1.0, -0.5, 1.5, 2.5])",
        SLIDER,
    ),
    "interact": Drag(
        "interact and an inline figure",
        INTERACT,
        ".widget-interact .noUi-target",
        picture=".widget-interact .jp-OutputArea",
        grip=".noUi-handle",
    ),
}

# Counts the frames in which the picture was found changed, and when.
WATCH = """(picture) => {
  const frames = [];
  let changed = false;
  // What is read aloud comes when the hand rests, and is no part of the picture.
  const isSeen = ({ target }) => !(target.parentElement ?? picture).closest("desc, [aria-live]")
    && !target.matches?.("desc, [aria-live]");
  new MutationObserver((all) => (changed ||= all.some(isSeen))).observe(picture, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
  const look = (now) => {
    if (changed) frames.push(now);
    changed = false;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.watched = { frames, clear: () => frames.splice(0), now: () => performance.now() };
}"""
# Runs the last cell and waits for its first picture.
FIRST = """async () => {
  const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
  const last = content.widgets[content.widgets.length - 1];
  content.activeCellIndex = content.widgets.length - 1;
  await window.jupyterapp.commands.execute("notebook:clear-cell-output");
  const begin = performance.now();
  const seen = new Promise((done) => {
    const look = () => (last.node.querySelector(".chalkboard svg, .jp-RenderedImage img")
      ? done(performance.now()) : requestAnimationFrame(look));
    requestAnimationFrame(look);
  });
  window.jupyterapp.commands.execute("notebook:run-cell");
  return (await seen) - begin;
}"""


@dataclass(frozen=True)
class Found:
    """What one drag was like; times in milliseconds, None where nothing was asked for."""

    moves: float
    pictures: float
    gap: float
    behind: float
    answer: float | None
    first: float


def main() -> None:
    """Drag what the command line names, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", choices=[[], *DRAGS], metavar="name")
    names = parser.parse_args().names or list(DRAGS)
    chromium = jupyterlab.find_chromium()
    if chromium is None:
        raise SystemExit(jupyterlab.NO_CHROMIUM)
    console = Console(width=WIDTH)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("dragged", no_wrap=True)
    for title in ("moves/s", "pictures/s", "longest gap", "behind", "answer", "first picture"):
        table.add_column(title, justify="right")
    with (
        tempfile.TemporaryDirectory() as home,
        jupyterlab.running_jupyterlab(Path(home)) as server,
        jupyterlab.running_chromium(chromium, f"--remote-debugging-port={PORT}") as browser,
    ):
        for name in names:
            with console.status(f"Dragging {DRAGS[name].title} ..."):
                opened = jupyterlab.open_notebook(server, browser, [SETUP, DRAGS[name].cell])
                found = drag(opened, DRAGS[name])
                opened.page.close()
            table.add_row(
                DRAGS[name].title,
                f"{found.moves:.0f}",
                f"{found.pictures:.0f}",
                f"{found.gap:.0f} ms",
                f"{found.behind:.0f} ms",
                "" if found.answer is None else f"{found.answer:.0f} ms",
                f"{found.first:.0f} ms",
            )
    console.print(table)
    bytes_of_script = sum(path.stat().st_size for path in STATIC.rglob("*.js"))
    console.print(
        f"To reach: {PICTURES_PER_SECOND} pictures/s, no gap above {LONGEST_GAP} ms, an answer "
        f"within {ANSWER} ms, the first picture within {FIRST_PICTURE} ms. JavaScript of all "
        f"widgets: {bytes_of_script / 1000:.1f} kB of at most {KILOBYTES}."
    )


def drag(opened: OpenNotebook, what: Drag) -> Found:
    """Drag the handle to and fro with the mouse, and say what was seen."""
    page = opened.page
    first = median(page.evaluate(FIRST) for _ in range(5))
    page.wait_for_timeout(1000)
    handle = page.locator(what.handle).first
    page.locator(what.picture).first.evaluate(WATCH)
    box = _box(handle)
    middle = box["y"] + box["height"] / 2
    grip = _box(page.locator(what.grip).first) if what.grip else box
    start = grip["x"] + grip["width"] * (0.5 if what.grip else 0.2)
    page.mouse.move(start, middle)
    page.mouse.down()
    page.evaluate("() => window.watched.clear()")
    moves = int(MOVES_PER_SECOND * SECONDS)
    # From 20 % to 80 % and back, a second each way.
    shares = [abs((move / MOVES_PER_SECOND) % 2 - 1) for move in range(moves)]
    points = [(box["x"] + (0.8 - 0.6 * share) * box["width"], middle) for share in shares]
    with ThreadPoolExecutor(1) as hand:
        seconds = hand.submit(asyncio.run, _move(page.url, points)).result()
    seen = page.evaluate("() => window.watched.frames.slice()")
    # Without the picture of the mouse button going down, before the hand began to move.
    frames = [frame for frame in seen if frame > seen[-1] - 1000 * seconds]
    page.evaluate("() => window.watched.clear()")
    released = page.evaluate("() => window.watched.now()")
    page.mouse.up()
    answer = _answer(opened, released) if what.answers else None
    page.wait_for_timeout(1000)
    late = page.evaluate("() => window.watched.frames.slice()")
    # What the kernel answers is timed by itself.
    late = [frame for frame in late if answer is None or frame < released + ANSWER]
    return Found(
        moves=moves / seconds,
        pictures=len(frames) / seconds,
        gap=max((after - before for before, after in pairwise(frames)), default=0),
        behind=max((frame - released for frame in late), default=0.0),
        answer=answer,
        first=first,
    )


async def _move(address: str, points: Sequence[tuple[float, float]]) -> float:
    """Move the mouse on the page to each point in its turn; return how many seconds that took.

    The hand has a line to the browser of its own, on which it does not wait for a move to be
    answered before it makes the next.
    """
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{PORT}")
        pages = [page for context in chromium.contexts for page in context.pages]
        session = await pages[0].context.new_cdp_session(
            next(page for page in pages if page.url == address)
        )
        event = {"type": "mouseMoved", "button": "left", "buttons": 1}
        begin, sent = time.perf_counter(), []
        for place, (x, y) in enumerate(points):
            await asyncio.sleep(begin + place / MOVES_PER_SECOND - time.perf_counter())
            move = session.send("Input.dispatchMouseEvent", {**event, "x": x, "y": y})
            sent.append(asyncio.ensure_future(move))
        seconds = time.perf_counter() - begin
        await asyncio.gather(*sent)
        return seconds


def _answer(opened: OpenNotebook, released: float) -> float:
    """Milliseconds until the table of the engines holds what they say at the new x."""
    opened.page.wait_for_function(
        "() => document.querySelector('.chalkboard-answers:not(.chalkboard-stale)')"
    )
    return opened.page.evaluate("() => window.watched.now()") - released


def _box(handle: Locator) -> Any:
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    if box is None:
        raise RuntimeError("What is to be dragged cannot be seen.")
    return box


if __name__ == "__main__":
    main()
