"""Plays the cases of one file: makes its tables, takes the steps, compares, cleans up."""
import http.client
import time

from .cases import ANSWER_KEYS, CaseError, operation
from .client import Reply
from .errors import expected_body
from .expand import ExpandError, dump, expand
from .match import match
from .records import read_records
from .target import TargetError
from .wire import check_headers, compare_http

ConformanceError = (CaseError, ExpandError, TargetError)
FAULTS = (*ConformanceError, OSError, http.client.HTTPException)
READS = ("Get", "Query", "Scan", "BatchGet", "Describe", "List")
LISTS = ("Items", "TableNames")
SUMS = ("Count", "ScannedCount")


def table_names(group, case, names):
    """Of what a case's names stand for, the part that is made anew in every run."""
    made = {"new", "new2", "missing", "region", *group.tables, *case.tables}
    return {name: value for name, value in names.items() if name.split(".")[0] in made}


class Player:
    def __init__(self, target, layer):
        self.target, self.layer = target, layer
        self.made = []

    def play(self, group, report):
        first = len(self.made)
        try:
            try:
                names = self.names(group)
            except ConnectionRefusedError:
                raise
            except FAULTS as error:
                for case in group.cases:
                    report(case, [f"the file's tables: {error}"], [], {})
                return
            for case in group.cases:
                own = dict(names)
                faults, trace = self.case(group, case, own)
                report(case, faults, trace, table_names(group, case, own))
                if faults and self.target.revive():
                    print(f"the server ended or hung in {case.title}; it was started again", flush=True)
                    names = self.names(group)
        finally:
            self.clean(first)

    def names(self, group):
        return self.prepare(group, group.names | {
            "region": self.target.client.region, "missing": self.target.prefix + "missing"})

    def prepare(self, owner, names):
        made = {}
        for definition in owner.tables:
            made[definition] = self.target.create(definition)
            self.made.append(made[definition])
        for definition, name in made.items():
            table = self.target.wait(name)
            names |= {definition: name, definition + ".arn": table["TableArn"],
                      definition + ".id": table["TableId"], definition + ".stream": table.get("LatestStreamArn")}
        for definition, items in owner.items.items():
            for item in expand(items, names):
                self.target.must("PutItem", {"TableName": names[definition], "Item": item})
        return names

    def clean(self, first):
        for name in self.made[first:]:
            try:
                self.target.delete(name)
            except FAULTS:
                pass  # what could not be deleted is no fault of a case
        del self.made[first:]

    def case(self, group, case, names):
        first, trace = len(self.made), []
        names |= case.row
        for new in ("new", "new2"):
            names[new] = self.target.fresh_name()
        try:
            names = self.prepare(case, names)
            for number, step in enumerate(case.steps, 1):
                before = len(trace)
                faults = self.step(group, step, names, trace)
                for entry in trace[before:]:
                    entry |= {"step": number, "expected": {key: step[key] for key in step.keys() & ANSWER_KEYS}}
                if faults:
                    return [f"step {number}: {operation(step) or next(iter(step))}", *faults], trace
            return [], trace
        except FAULTS as error:
            return [f"{type(error).__name__}: {error}"], trace
        finally:
            self.clean(first)

    def remember(self, operation_name, answer):
        """A table that a step made is the player's to delete."""
        made = isinstance(answer, dict) and answer.get("TableDescription", {}).get("TableName")
        if made and operation_name != "DeleteTable" and made not in self.made:
            self.made.append(made)

    def step(self, group, step, names, trace):
        if "wait" in step:
            self.target.wait(expand(step["wait"], names))
        elif "wait_gone" in step:
            self.target.wait_gone(expand(step["wait_gone"], names))
        elif "sleep" in step:
            time.sleep(step["sleep"])
        elif "records" in step:
            return read_records(self.target, expand(step["records"], names), expand(step["reply"], names), names)
        elif "http" in step:
            reply = self.target.raw(expand(step["http"], names))
            trace.append({"http": step["http"], "status": reply.status, "body": reply.text()})
            return compare_http(self.chosen(step), reply, names)
        else:
            return self.call(group, step, names, trace)
        return []

    def call(self, group, step, names, trace):
        name = operation(step)
        request = self.request(group, name, step[name], names)
        lags = name.startswith(READS) and "error" not in step
        patience_s = step.get("within", self.target.retry_reads_s if lags else 0)
        end = time.monotonic() + patience_s
        while True:
            reply = self.pages(name, request) if step.get("paged") else self.target.call(name, request)
            answer = reply.json()
            faults = self.compare(step, reply, answer, names)
            if not faults or time.monotonic() >= end:
                trace.append({name: request, "status": reply.status, "answer": answer})
                self.remember(name, answer)
                return faults
            time.sleep(min(1, patience_s / 100))

    def request(self, group, name, written, names):
        """A request that says nothing of a table goes to the file's own (`table`)."""
        request = expand(written, names)
        if group.table and not {"TableName", "RequestItems"} & {*written, *request}:
            request["TableName"] = names[group.table]
        return request

    def pages(self, name, request):
        """All pages as one reply, with `Pages` added."""
        cursor = ("ExclusiveStartTableName", "LastEvaluatedTableName") if name == "ListTables" else \
                 ("ExclusiveStartKey", "LastEvaluatedKey")
        whole = {"Pages": 0}
        while True:
            page = self.target.must(name, request)
            whole["Pages"] += 1
            for member in page.keys() & {*LISTS, *SUMS}:
                whole[member] = whole[member] + page[member] if member in whole else page[member]
            if cursor[1] not in page:
                return Reply(200, [], dump(whole))
            request = request | {cursor[0]: page[cursor[1]]}

    def chosen(self, step):
        """The step with expectations that differ by layer ({"classic": .., "2026": ..}) decided."""
        def choose(value):
            by_layer = isinstance(value, dict) and set(value) <= {"classic", "2026"} and value
            return value[self.layer] if by_layer else value
        return {key: choose(value) for key, value in step.items()}

    def compare(self, step, reply, answer, names):
        step = self.chosen(step)
        if step.get("paged"):
            return match({"$has": expand(step["has"], names)}, answer, names)
        faults = check_headers(reply)
        if "error" in step:
            wrapped = step.get("wrapped") and self.layer == "2026"
            faults += match(400, reply.status, names, "the status")
            return faults + match(expected_body(expand(step["error"], names), wrapped), answer, names)
        if reply.status != 200:
            return faults + [f"answer {reply.status}: {reply.text()[:2000]}"]
        if "reply" in step:
            return faults + match(expand(step["reply"], names), answer, names)
        if "has" in step:
            return faults + match({"$has": expand(step["has"], names)}, answer, names)
        return faults
