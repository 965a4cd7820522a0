#!/usr/bin/env python3
"""Runs every notebook on a run's results and looks at the files as they are kept.

    check.py BINARY RUN [--plan PLAN] [--keep FOLDER]

BINARY is the program, RUN the folder data/build/PLAN of a run. Exit 1 when a notebook fails, draws nothing, or is kept
with outputs or execution counts. --keep writes the executed notebooks to a folder, to look at.
"""

import argparse
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).resolve().parent
SECONDS_PER_CELL = 600


def kept_with_results(notebook):
    """Cells of a kept file that carry what only a run should."""
    code = [(place, cell) for place, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
    found = [f"cell {place} has outputs" for place, cell in code if cell.outputs]
    found += [f"cell {place} has an execution count" for place, cell in code if cell.execution_count is not None]
    found += [f"cell {place} has run metadata" for place, cell in code if cell.metadata.get("execution")]
    return found


def executed(notebook):
    """Why the notebook fails; nothing when it runs and shows something. Results stay in it."""
    client = NotebookClient(
        notebook, timeout=SECONDS_PER_CELL, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}
    )
    with suppress(CellExecutionError):
        client.execute()
    outputs = [(place, out) for place, cell in enumerate(notebook.cells, 1) for out in cell.get("outputs", [])]
    # A chart that cannot be drawn leaves an error among the outputs and lets the cell pass.
    wrong = [f"cell {place}: {out.ename}: {out.evalue}" for place, out in outputs if out.output_type == "error"]
    if wrong:
        return wrong
    charts = sum("image/svg+xml" in out.get("data", {}) for _, out in outputs)
    return [] if charts else ["it ran and drew no chart"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--plan", type=Path, help="the plan of the run, when it is not pipelines/NAME.toml")
    parser.add_argument("--keep", type=Path, help="folder for the executed notebooks")
    asked = parser.parse_args()
    if not asked.binary.is_file():
        parser.error(f"there is no program {asked.binary}; build it with `cargo build --release`")
    if not (asked.run / "report" / "findings.json").is_file():
        parser.error(f"{asked.run} holds no report/findings.json; run a plan first")
    os.environ |= {"SKILLGAP_BINARY": str(asked.binary.resolve()), "SKILLGAP_RUN": str(asked.run.resolve())}
    if asked.plan:
        os.environ["SKILLGAP_PLAN"] = str(asked.plan.resolve())

    files = sorted(HERE.glob("*.ipynb"))
    failures = 0 if files else 1
    for file in files:
        notebook = nbformat.read(file, as_version=4)
        nbformat.validate(notebook)
        wrong = kept_with_results(notebook)
        started = time.monotonic()
        wrong += executed(notebook)
        print(f"{file.name}: {'; '.join(wrong) or 'ok'} ({time.monotonic() - started:.0f} s)", flush=True)
        failures += len(wrong)
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, asked.keep / file.name)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
