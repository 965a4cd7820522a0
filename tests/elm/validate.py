#!/usr/bin/env python3
"""Validates European Learning Model JSON-LD against published SHACL constraints, without a network.

    python tests/elm/validate.py FOLDER_OR_FILE SHAPES [--context FILE] [--strict]

FOLDER_OR_FILE  a report's folder (its *.jsonld), or one JSON-LD file
SHAPES          the constraints in Turtle, e.g. LOQ-constraints.ttl
--context FILE  stands for contexts that a file only names by their address; a file that carries its own needs none
--strict        also applies shapes that the publisher has switched off (sh:deactivated), such as the one for
                learning achievement specifications

Needs rdflib and pyshacl. Ends with 0 when nothing is violated, 1 when something is, 2 when it could not be looked at.
"""

import argparse
import json
import re
import socket
import sys
from collections import Counter
from pathlib import Path

SHACL = "http://www.w3.org/ns/shacl#"


def refuse(problem):
    print(f"not validated: {problem}", file=sys.stderr)
    sys.exit(2)


def no_network(*_):
    raise OSError("nothing is fetched: give --context FILE for contexts that are named by their address")


def files(path):
    if path.is_dir():
        return sorted(path.glob("*.jsonld"))
    return [path] if path.exists() else []


def local(document, context):
    """The document with every context that it only names replaced by the one given."""
    named = document.get("@context")
    parts = named if isinstance(named, list) else [named]
    if all(isinstance(part, dict) for part in parts):
        return document
    if context is None:
        refuse(f"it names contexts by their address ({', '.join(map(str, parts))}); give --context FILE")
    return {**document, "@context": context}


def python_pattern(pattern):
    """A regular expression in Java's spelling (flags inside, sets in sets, classes of letters) in Python's."""
    spelt = pattern.replace("[%[\\p{L}\\p{Nl}\\p{Nd}]]", "[%\\w]").replace("[[A-Fa-f0-9]\\:\\.]", "[A-Fa-f0-9:.]")
    if "(?i)" in spelt:
        spelt = "(?i)" + spelt.replace("(?i)", "")
    try:
        re.compile(spelt)
    except re.error as error:
        refuse(f"the constraints hold the pattern {pattern!r}, which is not read: {error}")
    return spelt


def shapes(path, strict):
    from rdflib import Graph, Literal, URIRef

    graph = Graph().parse(path, format="turtle")
    patterns = list(graph.subject_objects(URIRef(SHACL + "pattern")))
    for shape, pattern in patterns:
        graph.remove((shape, URIRef(SHACL + "pattern"), pattern))
        graph.add((shape, URIRef(SHACL + "pattern"), Literal(python_pattern(str(pattern)))))
    if strict:
        graph.remove((None, URIRef(SHACL + "deactivated"), None))
    return graph


def violations(data, constraints):
    from pyshacl import validate
    from rdflib import RDF, URIRef

    _, report, _ = validate(data, shacl_graph=constraints, advanced=False, inference="none")
    term = lambda name: URIRef(SHACL + name)
    for result in report.subjects(RDF.type, term("ValidationResult")):
        node, path = report.value(result, term("focusNode")), report.value(result, term("resultPath"))
        said = next(iter(sorted(map(str, report.objects(result, term("resultMessage"))))), "")
        yield str(node), str(path or "the node"), said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", type=Path)
    parser.add_argument("shapes", type=Path)
    parser.add_argument("--context", type=Path)
    parser.add_argument("--strict", action="store_true")
    asked = parser.parse_args()
    try:
        import pyshacl  # noqa: F401
        from rdflib import Graph
    except ImportError as error:
        refuse(f"{error}; install pyshacl and rdflib")
    found = files(asked.what)
    if not found:
        refuse(f"no *.jsonld at {asked.what}")
    if not asked.shapes.exists():
        refuse(f"no constraints at {asked.shapes}")
    socket.socket.connect = no_network
    context = json.loads(asked.context.read_text(encoding="utf-8")) if asked.context else None
    constraints, all_violations = shapes(asked.shapes, asked.strict), 0
    for file in found:
        document = json.loads(file.read_text(encoding="utf-8"))
        data = Graph().parse(data=json.dumps(local(document, context)), format="json-ld")
        if len(data) == 0 and document.get("@graph") != []:
            refuse(f"{file.name}: gives no statement at all")
        broken = sorted(set(violations(data, constraints)))
        all_violations += len(broken)
        print(f"{file.name}: {len(data)} statements, {len(broken)} violations")
        for path, count in sorted(Counter(path for _, path, _ in broken).items()):
            print(f"  {path}: {count}")
        for node, path, said in broken[:20]:
            print(f"    {node} | {path} | {' '.join(said.split())[:160]}")
    sys.exit(1 if all_violations else 0)


if __name__ == "__main__":
    main()
