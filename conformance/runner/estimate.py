"""What a run against the real service will ask for, counted from the cases before it starts."""
from .cases import operation
from .expand import ExpandError, dump, expand

WRITES = ("Put", "Update", "Delete", "BatchWrite", "Transact", "Execute", "BatchExecute")
WRITE_UNIT, READ_UNIT = 0.625e-6, 0.125e-6  # US dollars, on demand, us-east-1, 2025
UNITS_OF_A_PAGE = 256  # a consistent read of 1 MB
REQUESTS_FOR_A_TABLE = 8  # to make it, wait for it and delete it


class Estimate:
    """A bound rather than a guess: every read is taken to find all that its file writes."""

    def __init__(self, groups):
        self.tables = self.requests = self.write_units = self.read_units = 0
        for group in groups:
            self.group(group)
        self.requests += self.tables * REQUESTS_FOR_A_TABLE

    def group(self, group):
        owners = [group, *group.cases]
        names = group.names | dict.fromkeys(["new", "new2", "missing", "region", *(t for o in owners for t in o.tables)], "-" * 30)
        written = reads = 0
        for operation_name, request, row in self.requests_of(group, owners):
            size = kilobytes(request, names | row)
            written += size if operation_name.startswith(WRITES) else 0
            reads += not operation_name.startswith(WRITES)
        self.write_units += written
        self.read_units += reads * min(UNITS_OF_A_PAGE, written // 4 + 1)

    def requests_of(self, group, owners):
        for owner in owners:
            self.tables += len(owner.tables)
            yield from (("PutItem", item, {}) for items in owner.items.values() for item in items)
        for case in group.cases:
            for step in case.steps:
                self.requests += 1
                name = operation(step)
                self.tables += name == "CreateTable"
                if name:
                    yield name, step[name], case.row

    def text(self, where, per_second):
        minutes = self.requests / per_second / 60
        dollars = self.write_units * WRITE_UNIT + self.read_units * READ_UNIT
        return (f"{where}: about {self.requests:,} requests and {self.tables:,} tables, {minutes:.0f} minutes or more "
                f"({per_second:g} requests a second);\nat most {self.write_units:,} write units and {self.read_units:,} "
                f"read units: {dollars:.2f} US dollars or less")


def kilobytes(written, names):
    """Of one request; what is known only while playing counts as one."""
    try:
        return -(-len(dump(expand(written, names))) // 1024)
    except ExpandError:
        return 1
