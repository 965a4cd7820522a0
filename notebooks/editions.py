"""Two editions of one plan, made by the program where none are given."""

import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

from results import ROOT, Stop, folder


def program():
    """The binary: SKILLGAP_BINARY, the release build of this project, or the one on the path."""
    name = os.environ.get("SKILLGAP_BINARY")
    build = ROOT / "target" / "release" / "skillgap"
    found = shutil.which(name) if name else (str(build) if build.is_file() else shutil.which("skillgap"))
    if found is None:
        raise Stop(
            f"the program {name or 'skillgap'} is not there; build it with `cargo build --release` or set "
            "SKILLGAP_BINARY to its path"
        )
    return found


def call(*arguments):
    """Runs the program and gives what it writes to standard output."""
    done = subprocess.run(
        [program(), *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Stop(f"`skillgap {arguments[0]}` ended with code {done.returncode}: {' '.join(said[-3:])}")
    return done.stdout


def plan_of(run):
    """The plan behind a run: SKILLGAP_PLAN, else the file of its name under `pipelines`."""
    name = run.findings["meta"]["plan"]
    given = os.environ.get("SKILLGAP_PLAN")
    places = [Path(given), ROOT / given] if given else [ROOT / "pipelines" / f"{name}.toml"]
    found = next((place.resolve() for place in places if place.is_file()), None)
    if found is None:
        raise Stop(
            f"the plan {given or name} is not under pipelines; set SKILLGAP_PLAN to its file, or SKILLGAP_BEFORE to the "
            "report folder of an earlier edition"
        )
    return found


def make_edition(plan, home, **measure):
    """Runs a copy of the plan with other keys of `[measure]`, all of it inside `home`; gives its report folder."""
    settings = _with_whole_paths(tomllib.loads(plan.read_text(encoding="utf-8")), plan.parent)
    settings["measure"] = {**settings.get("measure", {}), **measure}
    home.mkdir(parents=True)
    copy = home / "plan.toml"
    copy.write_text("".join(f"{_toml(k)} = {_toml(v)}\n" for k, v in settings.items()), encoding="utf-8")
    call("run", "--data-dir", home / "data", copy)
    return home / "data" / "build" / settings["name"] / "report"


def report_folder(given):
    """The report folder of an edition, given as such or as the folder of its run."""
    found = folder(given)
    for place in filter(None, [found, found and found / "report"]):
        if (place / "findings.json").is_file():
            return place
    raise Stop(f"{given} holds no findings.json; give the folder data/build/PLAN/report of an edition, or a copy of it")


def difference(before, after):
    """What `skillgap diff` says of two report folders."""
    return json.loads(call("diff", "--json", before, after))


def _with_whole_paths(value, home):
    # A plan's paths are relative to its file, and the copy lies elsewhere.
    if isinstance(value, dict):
        return {key: _with_whole_paths(part, home) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_whole_paths(part, home) for part in value]
    is_path = isinstance(value, str) and "/" in value and (home / value).exists()
    return str((home / value).resolve()) if is_path else value


def _toml(value):
    # JSON's strings, numbers and booleans are TOML's; tables go inline.
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return value.isoformat() if hasattr(value, "isoformat") else json.dumps(value, ensure_ascii=False)
