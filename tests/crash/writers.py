"""Clients that write until the server is gone: items of the one table, and tables that come and go."""
import http.client
import json
import random
import threading

from ledger import LATE_DEFINITION, LATE_INDEX, LATE_SCHEMA, SCHEMA, TABLE, State, item_of, key_of

PARTITIONS, SORTS = 4, 9  # of each writer; one-digit sort keys have one size, whatever the formula
TABLES = 4


class Gone(Exception):
    """The server went before it answered."""


class Writer(threading.Thread):
    def __init__(self, server, ledger, seed):
        super().__init__(daemon=True)
        self.client, self.ledger, self.random = server.client(), ledger, random.Random(seed)
        self.stopped = threading.Event()

    def run(self):
        try:
            while not self.stopped.is_set():
                self.write()
        except Gone:
            pass

    def stop(self):
        self.stopped.set()
        self.join()

    def call(self, operation, request):
        """The answer, or the error's type and text; Gone when there is none."""
        try:
            reply = self.client.call(operation, json.dumps(request).encode())
        except (OSError, http.client.HTTPException) as error:
            raise Gone from error
        if reply.status != 200:
            error = reply.json()
            return f"{error['__type'].split('#')[-1]}: {error.get('message')}"
        self.ledger.acknowledged += 1
        return reply.json()


class ItemWriter(Writer):
    def __init__(self, server, ledger, number, seed):
        super().__init__(server, ledger, seed)
        self.keys = [(f"w{number}-{pk}", sk) for pk in range(PARTITIONS) for sk in range(1, SORTS + 1)]

    def state(self):
        length = self.random.choice([0, 10, 300, 3000, 5000, 20000])
        return State(self.ledger.next_version(), length, self.random.choice([None, "g1", "g2"]),
                     self.random.choice([None, "l1", "l2"]))

    def write(self):
        self.random.choice([self.put, self.put, self.update, self.update, self.delete, self.batch])()

    def send(self, changes, operation, request):
        """Sends a write of these states; they are open until it is answered."""
        self.ledger.open.update(changes)
        answer = self.call(operation, request)
        if isinstance(answer, str) or answer.get("UnprocessedItems"):
            self.ledger.faults.append(f"{operation} answered {answer}")
            return
        self.ledger.items.update(changes)
        for key in changes:
            del self.ledger.open[key]

    def put(self):
        key, state = self.random.choice(self.keys), self.state()
        self.send({key: state}, "PutItem", {"TableName": TABLE, "Item": item_of(key, state)})

    def delete(self):
        key = self.random.choice(self.keys)
        self.send({key: None}, "DeleteItem", {"TableName": TABLE, "Key": key_of(*key)})

    def update(self):
        key, state = self.random.choice(self.keys), self.state()
        attributes = state.attributes()
        values = {":" + name: value for name, value in attributes.items()}
        removed = [name for name in "gl" if name not in attributes]
        expression = "SET " + ", ".join(f"{name} = :{name}" for name in attributes)
        self.send({key: state}, "UpdateItem", {
            "TableName": TABLE, "Key": key_of(*key), "ExpressionAttributeValues": values,
            "UpdateExpression": expression + (" REMOVE " + ", ".join(removed) if removed else "")})

    def batch(self):
        changes = {key: self.random.choice([None, self.state()])
                   for key in self.random.sample(self.keys, self.random.randint(1, 25))}
        requests = [{"PutRequest": {"Item": item_of(key, state)}} if state else {"DeleteRequest": {"Key": key_of(*key)}}
                    for key, state in changes.items()]
        self.send(changes, "BatchWriteItem", {"RequestItems": {TABLE: requests}})


class TableWriter(Writer):
    """Makes, fills and drops tables, and now and then an index of the one table."""

    def write(self):
        self.random.choice([self.create, self.fill, self.drop, self.index])()
        self.stopped.wait(0.01)

    def living(self):
        return [name for name, count in self.ledger.tables.items() if count is not None]

    def create(self):
        if len(self.living()) >= TABLES:
            return
        name = f"table-{self.ledger.next_version()}"
        self.send(name, [0, 0], "CreateTable", SCHEMA | {"TableName": name})

    def drop(self):
        if self.living():
            name = self.random.choice(self.living())
            self.send(name, None, "DeleteTable", {"TableName": name})

    def send(self, name, count, operation, request):
        self.ledger.open_tables[name] = count
        answer = self.call(operation, request)
        if isinstance(answer, str):
            self.ledger.faults.append(f"{operation} answered {answer}")
        else:
            self.ledger.tables[name] = count
        del self.ledger.open_tables[name]

    def fill(self):
        """Adds items; how many are there is known between two numbers."""
        if not self.living():
            return
        name = self.random.choice(self.living())
        count = self.ledger.tables[name]
        puts = [{"PutRequest": {"Item": key_of(f"p{count[1] + i}", 1) | {"filler": {"S": "x" * 2000}, "g": {"S": "g"}}}}
                for i in range(25)]
        count[1] += len(puts)
        if self.call("BatchWriteItem", {"RequestItems": {name: puts}}) == {"UnprocessedItems": {}}:
            count[0] = count[1]

    def index(self):
        """An index that exists is deleted, one that does not is made; refusals while either lasts are fine."""
        table = self.call("DescribeTable", {"TableName": TABLE})["Table"]
        made = any(index["IndexName"] == LATE_INDEX for index in table["GlobalSecondaryIndexes"])
        update = {"Delete": {"IndexName": LATE_INDEX}} if made else {"Create": LATE_SCHEMA}
        answer = self.call("UpdateTable", {"TableName": TABLE, "GlobalSecondaryIndexUpdates": [update]}
                           | ({} if made else LATE_DEFINITION))
        if isinstance(answer, str) and not answer.startswith(("ResourceInUseException", "LimitExceededException")):
            self.ledger.faults.append(f"UpdateTable answered {answer}")
