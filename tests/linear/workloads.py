"""What the clients do. A workload makes clients and afterwards says what is wrong: it yields a line for each fault."""
import itertools
import time

import items
import registers
from history import History

CLIENTS = 8


def perform(history, call, request):
    """Plays one request into a history; gives the answer."""
    number = history.begin(call)
    reply = yield request
    answer = items.answer(request, reply)
    history.end(number, answer)
    return answer


class Workload:
    def __init__(self, random, seconds):
        self.random, self.seconds = random, seconds
        self.prefix = f"{type(self).__name__}-{random.randrange(10**9)}-"
        self.numbers = itertools.count(1)
        self.histories = []
        self.begin()

    def begin(self):
        """Of the subclass: its objects."""

    def prepare(self):
        """A client that runs alone, first."""
        yield from ()

    def object(self, initial):
        self.histories.append(History(initial))
        return self.histories[-1]

    def register(self, *parts):
        return self.prefix + "-".join(map(str, parts))

    def clients(self):
        self.end = time.monotonic() + self.seconds
        return [self.client() for _ in range(CLIENTS)]

    def is_over(self):
        return time.monotonic() >= self.end

    def count(self):
        return sum(len(history.calls) for history in self.histories)

    def faults(self):
        for history in self.histories:
            if fault := history.fault(registers):
                yield fault
        yield from self.more_faults()

    def more_faults(self):
        return ()


class Registers(Workload):
    """Single requests of every kind on three items."""

    def begin(self):
        self.objects = [(self.register(n), self.object((None,))) for n in range(3)]

    def action(self, seen):
        """A swap needs the value that was last seen, or a later one will refuse it."""
        new = next(self.numbers)
        actions = [("get",), ("query",), ("put", new), ("write", new), ("delete",), ("add", 1000), ("create", new)]
        return self.random.choice(actions + ([] if seen is None else [("swap", seen, new)] * 4))

    def client(self):
        seen = None
        while not self.is_over():
            register, history = self.random.choice(self.objects)
            action = self.action(seen)
            call = ("single", ((0, ("get",) if action == ("query",) else action),))
            answer = yield from perform(history, call, items.single(register, action))
            seen = answer[1] if isinstance(answer, tuple) else answer if isinstance(answer, int) else seen


class Counter(Workload):
    """Everybody adds one to the same item: each sum is answered once, none is lost."""

    def begin(self):
        self.history = self.object((None,))

    def client(self):
        while not self.is_over():
            action = self.random.choice([("add", 1)] * 4 + [("get",)])
            request = items.single(self.register(), action)
            yield from perform(self.history, ("single", ((0, action),)), request)

    def more_faults(self):
        sums = [answer for (_, ((_, action),)), answer in zip(self.history.calls, self.history.answers)
                if action == ("add", 1)]
        if sorted(sums) != list(range(1, len(sums) + 1)):
            yield "a sum came twice or never"


class Creations(Workload):
    """All clients try to create the same items, one after the other: each item has exactly one creator."""

    def begin(self):
        self.races = []

    def race(self, n):
        if n == len(self.races):
            self.races.append(self.object((None,)))
        return self.races[n]

    def client(self):
        me = next(self.numbers)
        for n in itertools.count():
            if self.is_over():
                return
            history, register = self.race(n), self.register(n)
            for action in ("create", me), ("get",):
                yield from perform(history, ("single", ((0, action),)), items.single(register, action))

    def more_faults(self):
        for n, history in enumerate(self.races):
            if history.answers.count("done") != 1:
                yield f"item {n} has {history.answers.count('done')} creators"


class Transactions(Workload):
    """Transactions beside single requests on three items; some conditions fail, and then nothing may be written."""

    def begin(self):
        self.history = self.object((None,) * 3)

    def actions(self):
        new = next(self.numbers)
        old = self.random.randrange(1, new + 1)
        choices = [("put", new), ("delete",), ("create", new), ("add", 1), ("swap", old, new)]
        some = self.random.sample(range(3), self.random.randint(2, 3))
        return tuple((register, self.random.choice(choices)) for register in some)

    def call(self):
        kind = self.random.choice(["single", "read", "write", "write"])
        if kind == "read":
            return kind, tuple((register, ("get",)) for register in range(3))
        return kind, self.actions()[:1] if kind == "single" else self.actions()

    def client(self):
        while not self.is_over():
            kind, actions = call = self.call()
            named = [(self.register(register), action) for register, action in actions]
            request = {
                "single": lambda: items.single(*named[0]),
                "read": lambda: items.read([register for register, _ in named]),
                "write": lambda: items.write(named),
            }[kind]()
            yield from perform(self.history, call, request)


class Bank(Workload):
    """Transactions move money between accounts, readers sum it up: the sum never changes, no account is overdrawn."""
    ACCOUNTS, EACH = 5, 100

    def begin(self):
        self.history = self.object((self.EACH,) * self.ACCOUNTS)
        self.accounts = [self.register(n) for n in range(self.ACCOUNTS)]

    def prepare(self):
        for account in self.accounts:
            yield items.single(account, ("put", self.EACH))

    def move(self):
        source, target = self.random.sample(range(self.ACCOUNTS), 2)
        amount = self.random.randint(1, 90)
        return (source, ("withdraw", amount)), (target, ("add", amount))

    def client(self):
        everything = tuple((n, ("get",)) for n in range(self.ACCOUNTS))
        while not self.is_over():
            if self.random.random() < 0.4:
                read = self.random.choice([items.read, items.scan])
                yield from perform(self.history, ("read", everything), read(self.accounts))
                continue
            move = self.move()
            request = items.write([(self.accounts[n], action) for n, action in move])
            yield from perform(self.history, ("write", move), request)

    def more_faults(self):
        for (kind, _), answer in zip(self.history.calls, self.history.answers):
            if kind == "read" and (sum(answer) != self.ACCOUNTS * self.EACH or min(answer) < 0):
                yield f"the accounts hold {answer}"


class Tokens(Workload):
    """All clients send the same transactions with the same tokens: each is carried out once."""

    def begin(self):
        self.sent, self.total = 0, None

    def client(self):
        register = self.register()
        for n in itertools.count(1):
            if self.is_over():
                break
            operation, body, answer_of = items.write([(register, ("add", 1))])
            token = {"ClientRequestToken": f"{self.prefix}{n}"[-36:]}
            request = operation, body | token, answer_of
            items.answer(request, (yield request))
            self.sent = max(self.sent, n)
        request = items.single(register, ("get",))
        self.total = items.answer(request, (yield request))

    def count(self):
        return self.sent * CLIENTS

    def more_faults(self):
        if self.total != self.sent:
            yield f"{self.sent} transactions were carried out {self.total} times"


ALL = [Registers, Counter, Transactions, Bank, Tokens, Creations]  # Bank scans the table, Creations fill it
