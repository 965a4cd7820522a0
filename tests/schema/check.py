"""Holds the findings of a report folder to the schema that lies beside them: python check.py FOLDER..."""

import json
import sys
from pathlib import Path

import jsonschema


def faults(folder: Path) -> list[str]:
    schema = json.loads((folder / "findings.schema.json").read_text(encoding="utf-8"))
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    found = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(findings)]
    # A schema that takes anything would take these too.
    for path, value in [(("meta", "posting_count"), "many"), (("gaps",), {}), (("meta",), None)]:
        broken = json.loads(json.dumps(findings))
        place = broken
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        if validator.is_valid(broken):
            found.append(f"{'/'.join(path)} = {value!r} is taken for valid")
    return found


def main() -> int:
    found = [f"{folder}: {fault}" for folder in sys.argv[1:] for fault in faults(Path(folder))]
    print("\n".join(found) or f"{len(sys.argv) - 1} folder(s) agree with their schema")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
