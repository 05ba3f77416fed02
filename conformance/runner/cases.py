"""Reads the case files: groups of cases, `each` tables expanded, everything checked for form."""
import json
import os
import re

from .expand import text

FILE_KEYS = {"about", "source", "layer", "only", "names", "table", "tables", "items", "cases"}
CASE_KEYS = {"name", "source", "layer", "only", "tables", "items", "each", "steps"}
STEP_KEYS = {"reply", "has", "error", "wrapped", "paged", "http", "status", "headers", "body", "json",
             "wait", "wait_gone", "records", "sleep", "within"}
ANSWER_KEYS = {"reply", "has", "error", "wrapped", "paged"}


class CaseError(Exception):
    pass


class Case:
    def __init__(self, group, data, row):
        self.row = row
        self.name = text(data["name"], row)
        self.title = f"{group.path}: {self.name}"
        self.source = text(data.get("source", group.source), row)
        self.layer = data.get("layer", group.layer)
        self.only = data.get("only", group.only)
        self.tables, self.items = data.get("tables", []), data.get("items", {})
        steps = data.get("steps") or [{key: value for key, value in data.items() if key not in CASE_KEYS}]
        self.steps = [{text(key, row): value for key, value in step.items()} for step in steps]


class Group:
    def __init__(self, path, data):
        self.path = path
        self.check(data, FILE_KEYS, "the file")
        self.source, self.layer, self.only = data.get("source", ""), data.get("layer", "classic"), data.get("only")
        self.table, self.names = data.get("table"), data.get("names", {})
        self.tables, self.items = list(data.get("tables", [])), data.get("items", {})
        if self.table and self.table not in self.tables:
            self.tables.append(self.table)
        self.cases = [case for each in data["cases"] for case in self.rows(each)]
        names = [case.name for case in self.cases]
        for name in names:
            if names.count(name) > 1:
                raise CaseError(f"{path}: two cases are called '{name}'")

    def check(self, data, allowed, what):
        for key in data:
            if key not in allowed and not key[0].isupper() and not key.startswith("${"):
                raise CaseError(f"{self.path}: {what} has an unknown member '{key}'")

    def rows(self, data):
        self.check(data, CASE_KEYS | (set() if "steps" in data else STEP_KEYS), f"case '{data.get('name')}'")
        each = data.get("each", [[]])
        for row in text(each, self.names) if isinstance(each, str) else each:
            names = {str(i): value for i, value in enumerate(row if isinstance(row, list) else [row])}
            case = Case(self, data, names)
            for step in case.steps:
                self.check(step, STEP_KEYS, f"a step of '{case.name}'")
                operation(step, self.path)
            if not case.source:
                raise CaseError(f"{case.title} has no source")
            yield case


def operation(step, path=""):
    """The operation a step calls, or None for http, wait, ..."""
    names = [key for key in step if key[0].isupper()]
    others = [key for key in ("http", "wait", "wait_gone", "records", "sleep") if key in step]
    if len(names) + len(others) != 1:
        raise CaseError(f"{path}: a step does one thing: {list(step)}")
    return names[0] if names else None


def wanted(case, only, layer, aws):
    return (case.layer in (layer, "any") and case.only in (None, "aws" if aws else "local")
            and (only is None or re.search(only, case.title)))


def load_groups(folder, only, layer, aws):
    groups = []
    root = os.path.join(folder, "cases")
    for directory, _, files in sorted(os.walk(root)):
        for name in sorted(file for file in files if file.endswith(".json")):
            path = os.path.join(directory, name)
            with open(path, encoding="utf-8") as file:
                try:
                    group = Group(os.path.relpath(path, root), json.load(file))
                except ValueError as error:
                    raise CaseError(f"{path}: {error}") from error
            group.cases = [case for case in group.cases if wanted(case, only, layer, aws)]
            if group.cases:
                groups.append(group)
    return groups
