"""The tables of a run as the notebooks read them: what is needed and absent stops with a sentence, not with a trace."""

import csv
import json
import os
from functools import cached_property
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """A notebook cannot go on; the message says why and what to do."""

    def _render_traceback_(self):
        # Jupyter shows these lines in place of the stack.
        return [f"Stopped: {self}"]


def folder(given):
    """A folder as given, seen from here or from the root of the project."""
    places = [Path(given), ROOT / given]
    return next((place.resolve() for place in places if place.is_dir()), None)


class Run:
    """The results of one run: `data/build/PLAN`."""

    def __init__(self, given):
        self.path = folder(given)
        if self.path is None:
            raise Stop(
                f"there is no folder {given}; run `skillgap run pipelines/demo.toml` first, or set SKILLGAP_RUN to "
                "the folder data/build/PLAN of another run"
            )

    @classmethod
    def given(cls):
        """The run that SKILLGAP_RUN names, else the demo."""
        return cls(os.environ.get("SKILLGAP_RUN") or "data/build/demo")

    def table(self, stage, name, why="this notebook starts from it"):
        """A table that must be there and hold rows."""
        rows = self._read(stage, name)
        if rows is None:
            raise Stop(f"{stage}/{name}.parquet is not in {self.path}; {why}. Run the plan again with this version")
        if rows.is_empty():
            raise Stop(f"{stage}/{name}.parquet in {self.path} holds no row; {why}")
        return rows

    def beside(self, stage, name):
        """A table that a run may lack: its rows, or none at all after a sentence that says so."""
        rows = self._read(stage, name)
        if rows is None or rows.is_empty():
            state = "is not there" if rows is None else "holds no row"
            print(f"{stage}/{name}.parquet {state}: nothing is shown here.")
            return None
        return rows

    def _read(self, stage, name):
        path = self.path / stage / f"{name}.parquet"
        return pl.read_parquet(path) if path.is_file() else None

    def json(self, stage, name):
        """A JSON file of a stage."""
        path = self.path / stage / f"{name}.json"
        if not path.is_file():
            raise Stop(f"{stage}/{name}.json is not in {self.path}. Run the plan again with this version")
        return json.loads(path.read_text(encoding="utf-8"))

    @cached_property
    def findings(self):
        """Everything the report says."""
        return self.json("report", "findings")

    def setting(self, key):
        """A setting of the plan as the run used it; none where the plan leaves it open."""
        value = self.findings["inputs"]["plan"].get(key)
        return None if value in (None, "null") else value

    @property
    def window(self):
        """What the figures speak of, for captions."""
        meta = self.findings["meta"]
        first, last = meta["period_first"] or "undated", meta["period_last"] or "undated"
        kind = "Synthetic postings" if meta["synthetic"] else "Postings"
        return f"{kind} of the plan {meta['plan']}, {first} to {last}, as of {meta['as_of']}."


def areas():
    """Name and parent of each area code of the reference list."""
    path = ROOT / "data" / "reference" / "areas.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: (row["label_en"], row["parent"] or None) for row in csv.DictReader(lines)}
