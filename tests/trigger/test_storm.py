"""Functions of all moods, servers that end or are killed in between: every record is done, in order, and only a kill does
one twice."""
import random
import signal

from function import DROP, ERROR, OK, Function, answer, failed_items, raw
from triggers import Disk, Magneto, numbered

CUT = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{")
BATCH = 8


class Moody(Function):
    """Keeps what it has done: the keys before the first that it did not take."""

    def __init__(self, seed):
        self.random, self.done, self.batches = random.Random(seed), [], []
        super().__init__(otherwise=self.say)

    def say(self, call, sock):
        mood = self.random.random()
        if mood < 0.55:
            return self.take(call, len(call.keys), OK, sock)
        if mood < 0.75:
            place = self.random.randrange(len(call.keys))
            return self.take(call, place, failed_items(place), sock)
        return self.random.choice([answer(ERROR), answer(b"", status=503), DROP, CUT])(call, sock)

    def take(self, call, n, say, sock):
        with self.changed:
            self.done.extend(call.keys[:n])
            self.batches.append(len(call.keys))
        return say(call, sock)


def steps_back(done):
    return [(before, after) for before, after in zip(done, done[1:]) if after <= before]


def run(options, seed):
    chance = random.Random(seed)
    keys, kills = numbered(600), 0
    with Disk() as disk, Moody(seed) as function:
        for part in range(6):
            with Magneto(f"things={function.url},batchSize={BATCH},{options}", disk=disk) as magneto:
                if part == 0:
                    magneto.create()
                magneto.put(*keys[part * 100:part * 100 + 100])
                calls = len(function.calls) + chance.randrange(5)
                function.until(lambda function: len(function.calls) >= calls or function.done[-1:] == keys[-1:])
                if chance.random() < 0.5:
                    kills += 1
                    magneto.server.end(signal.SIGKILL)
        with Magneto(f"things={function.url},batchSize={BATCH},{options}", disk=disk) as magneto:
            magneto.until_idle()
        done = list(function.done)
    assert sorted(set(done)) == keys
    back = steps_back(done)
    assert len(back) <= kills, (back, kills)
    for before, after in back:
        assert keys.index(before) - keys.index(after) < BATCH, back


def test_reported_records_and_halves():
    run("reportBatchItemFailures,bisect", 1)


def test_reported_records():
    run("reportBatchItemFailures", 7)
