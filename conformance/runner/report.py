"""What a run found: counts for each folder of cases, the failures as they come, and all of it on record."""
import collections
import datetime
import json
import threading


class Report:
    """The only thing the workers share beside the pace."""

    def __init__(self, record, layer, where):
        self.lock = threading.Lock()
        self.record = open(record, "w", encoding="utf-8", errors="backslashreplace") if record else None
        self.layer, self.where, self.date = layer, where, datetime.date.today().isoformat()
        self.folders = collections.defaultdict(lambda: [0, 0])

    def result(self, case, faults, trace, names):
        with self.lock:
            self.folders[case.title.split("/")[0]][bool(faults)] += 1
            if faults:
                print(f"FAIL {case.title}  [{case.source}]", *faults, sep="\n    ", flush=True)
            if self.record:
                line = {"case": case.title, "source": case.source, "layer": self.layer, "where": self.where,
                        "date": self.date, "passed": not faults,
                        "names": names, "steps": trace}
                self.record.write(json.dumps(line, ensure_ascii=False) + "\n")
                self.record.flush()

    def counts(self):
        passed, failed = (sum(each) for each in zip([0, 0], *self.folders.values()))
        return passed, failed
