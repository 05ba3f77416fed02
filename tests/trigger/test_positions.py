"""What restarts, kills and resets leave of a trigger's position."""
import signal
import socket
import threading

from function import DROP, Function, answer, poison, wait
from triggers import Disk, Magneto, numbered


def trigger(function, *options):
    return ",".join([f"things={function.url}", *options])


def restarts_are_clean(*args):
    """Puts through four servers on the same data, each ended by SIGTERM in the midst of deliveries."""
    with Disk() as disk, Function() as function:
        keys = numbered(400)
        for part in range(4):
            with Magneto(trigger(function, "batchSize=7"), disk=disk, args=args) as magneto:
                if part == 0:
                    magneto.create()
                magneto.put(*keys[part * 100:part * 100 + 100])
        with Magneto(trigger(function, "batchSize=7"), disk=disk, args=args) as magneto:
            magneto.until_idle()
        assert function.keys == keys


def test_a_clean_restart_neither_loses_nor_repeats():
    restarts_are_clean()


def test_a_clean_restart_neither_loses_nor_repeats_with_sync_always():
    restarts_are_clean("--sync", "always")


def test_the_answer_of_the_last_call_is_waited_for():
    release = threading.Event()
    with Disk() as disk, Function(wait(release)) as function:
        with Magneto(trigger(function), disk=disk) as magneto:
            magneto.create()
            magneto.put("a", "b")
            function.until_calls(1)
            magneto.server.process.send_signal(signal.SIGTERM)
            threading.Timer(1.5, release.set).start()  # longer than requests may take
            assert magneto.server.process.wait(10) == 0
        with Magneto(trigger(function), disk=disk) as magneto:
            magneto.put("c")
            magneto.until_idle()
        assert function.keys == ["a", "b", "c"], function.keys


def test_a_call_without_answer_is_given_up_and_made_again():
    release = threading.Event()
    with Disk() as disk, Function(wait(release)) as function:
        with Magneto(trigger(function), disk=disk) as magneto:
            magneto.create()
            magneto.put("a")
            function.until_calls(1)
            seconds, status = magneto.server.end()
            assert status == 0 and seconds < 9, seconds
        release.set()
        with Magneto(trigger(function), disk=disk) as magneto:
            magneto.until_idle()
        assert function.keys == ["a", "a"]


def until_refused(port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            return


def test_a_second_signal_ends_the_wait():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.put("a")
        function.until_calls(1)
        magneto.server.process.send_signal(signal.SIGTERM)
        until_refused(magneto.server.port)  # else two signals may count as one
        seconds, status = magneto.server.end()
        assert status == 0 and seconds < 3, seconds
        release.set()


def test_an_unreachable_target_holds_up_no_stop():
    with Disk() as disk, Function(otherwise=DROP) as function:
        with Magneto(trigger(function), disk=disk) as magneto:
            magneto.create()
            magneto.put("a")
            function.until_calls(3)
            seconds, status = magneto.server.end()
            assert status == 0 and seconds < 0.4, "what waits for its next attempt ends at once"


def kills_repeat_one_batch(*args):
    with Disk() as disk, Function() as function:
        keys = numbered(300)
        with Magneto(trigger(function, "batchSize=5"), disk=disk, args=args) as magneto:
            magneto.create()
            for key in keys[:100]:
                magneto.put(key)
            function.until(lambda function: len(function.calls) > 3)
            magneto.server.end(signal.SIGKILL)
        with Magneto(trigger(function, "batchSize=5"), disk=disk, args=args) as magneto:
            magneto.put(*keys[100:])
            magneto.until_idle()
        # The function may note the call in flight at the kill a little later than the kill.
        seen = [key for call in function.calls for key in call.keys]
        repeated = len(seen) - len(keys)
        assert 0 <= repeated <= 5, repeated
        again = next((i for i, (got, key) in enumerate(zip(seen, keys)) if got != key), len(keys))
        assert seen == keys[:again] + keys[again - repeated:], seen


def test_a_kill_repeats_at_most_the_batch_in_flight():
    for _ in range(3):
        kills_repeat_one_batch()


def test_a_kill_repeats_at_most_the_batch_in_flight_with_sync_always():
    kills_repeat_one_batch("--sync", "always")


def test_a_kill_during_a_call_repeats_it():
    release = threading.Event()
    with Disk() as disk, Function(answer(), wait(release)) as function:
        with Magneto(trigger(function, "batchSize=2"), disk=disk) as magneto:
            magneto.create()
            magneto.put("a")
            magneto.until_idle()
            magneto.put("b")
            function.until_calls(2)
            magneto.put("c", "d")
            magneto.server.end(signal.SIGKILL)
        release.set()
        with Magneto(trigger(function, "batchSize=2"), disk=disk) as magneto:
            magneto.until_idle()
        assert [call.keys for call in function.calls] == [["a"], ["b"], ["b", "c"], ["d"]]


def test_a_kill_repeats_at_most_a_batch_of_each_shard():
    with Disk() as disk, Function() as function:
        keys = numbered(200)
        with Magneto(trigger(function, "batchSize=5"), disk=disk) as magneto:
            magneto.create()
            magneto.control("POST", "shards", {"table": "things", "split": 2})
            magneto.control("POST", "shards", {"table": "things", "split": 2})
            magneto.put(*keys)
            function.until(lambda function: len(function.calls) > 5)
            magneto.server.end(signal.SIGKILL)
        with Magneto(trigger(function, "batchSize=5"), disk=disk) as magneto:
            magneto.until_idle()
        assert sorted(set(function.keys)) == keys
        assert len(function.keys) - len(keys) <= 5, "one call is in flight at a time"


def test_latest_begins_with_the_server():
    with Disk() as disk, Function() as all_of_it, Function() as latest:
        with Magneto(trigger(all_of_it), disk=disk) as magneto:
            magneto.create()
            magneto.put("a")
            magneto.until_idle()
        with Magneto(trigger(latest, "start=LATEST"), disk=disk) as magneto:
            magneto.put("b")
            magneto.until_idle()
        with Magneto(disk=disk) as magneto:
            magneto.put("c")
        with Magneto(trigger(latest, "start=LATEST"), disk=disk) as magneto: # a position is stored
            magneto.create("others")
            magneto.put("d")
            magneto.until_idle()
        assert latest.keys == ["b", "c", "d"]


def test_latest_takes_all_of_a_table_that_comes_later():
    with Function() as function, Magneto(trigger(function, "start=LATEST")) as magneto:
        magneto.create()
        magneto.put("a")
        magneto.until_idle()
        assert function.keys == ["a"]


def test_trim_horizon_begins_with_what_is_there():
    with Disk() as disk, Function() as function:
        with Magneto(disk=disk) as magneto:
            magneto.create(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
            magneto.put("a", "b")
        with Magneto(trigger(function), disk=disk) as magneto:
            magneto.until_idle()
            assert function.keys == ["a", "b"]


def test_a_table_that_was_there_gets_a_stream():
    with Disk() as disk, Function() as function:
        with Magneto(disk=disk) as magneto:
            magneto.create()
            magneto.put("a")
        with Magneto(trigger(function), disk=disk) as magneto:
            magneto.put("b")
            magneto.until_idle()
            assert function.keys == ["b"]
            assert "has no stream" in magneto.server.stderr()


def test_a_dropped_table_s_rest_survives_a_restart():
    release = threading.Event()
    with Disk() as disk, Function(DROP, otherwise=wait(release)) as function:
        with Magneto(trigger(function, "batchSize=2"), disk=disk) as magneto:
            magneto.create()
            magneto.put("a", "b", "c")
            function.until_calls(1)
            magneto.drop()
            magneto.create()
            magneto.put("d")
            magneto.server.end()
        release.set()
        before = len(function.calls)
        with Magneto(trigger(function, "batchSize=2"), disk=disk) as magneto:
            magneto.until_idle()
        assert [key for call in function.calls[before:] for key in call.keys] == ["a", "b", "c", "d"]


def test_a_reset_takes_what_is_not_delivered():
    with Function(otherwise=poison("a")) as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.put("a", "never")
        function.until_calls(2)
        magneto.control("POST", "reset", {"all": True})
        magneto.create()
        magneto.put("b")
        magneto.until_idle()
        assert set(function.keys[:-1]) <= {"a", "never"} and function.keys[-1] == "b"
        calls = len(function.calls)
        magneto.put("c")
        magneto.until_idle()
        assert [call.keys for call in function.calls[calls:]] == [["c"]]


def test_a_reset_during_a_call():
    release = threading.Event()
    with Disk() as disk, Function(wait(release)) as function:
        with Magneto(trigger(function, "batchSize=1"), disk=disk) as magneto:
            magneto.create()
            magneto.put("a")
            function.until_calls(1)
            magneto.put("never")
            magneto.control("POST", "reset", {"all": True})
            magneto.create()
            magneto.put("b")
            release.set()
            magneto.until_idle()
            assert function.keys == ["a", "b"]
        with Magneto(trigger(function, "batchSize=1"), disk=disk) as magneto:
            magneto.put("c")
            magneto.until_idle()
        assert function.keys == ["a", "b", "c"]


def test_many_tables_of_one_name():
    with Function() as function, Magneto(trigger(function)) as magneto:
        for i in range(100):
            magneto.create()
            magneto.put(f"a{i}", f"b{i}")
            if i % 2:
                magneto.drop()
            else:
                magneto.until_idle()
                magneto.control("POST", "reset", {"all": True})
        magneto.until_idle()
        assert function.keys == [f"{letter}{i}" for i in range(100) for letter in "ab"]


def test_a_restore_delivers_nothing_again():
    release = threading.Event()
    with Function(wait(release)) as function, Magneto(trigger(function, "batchSize=1")) as magneto:
        magneto.create()
        magneto.put("a", "b")
        function.until_calls(1)
        magneto.control("POST", "snapshot", {"name": "before"})
        magneto.control("POST", "restore", {"name": "before"})
        release.set()
        magneto.until_idle()
        magneto.put("c")
        magneto.until_idle()
        magneto.control("POST", "restore", {"name": "before"})
        magneto.put("d")
        magneto.until_idle()
        assert function.keys == ["a", "b", "c", "d"]


def test_a_restored_table_without_a_stream_gets_one():
    with Disk() as disk, Function() as function:
        with Magneto(disk=disk) as magneto:
            magneto.create()
            magneto.put("a")
            magneto.control("POST", "snapshot", {"name": "before"})
            magneto.control("POST", "reset", {"all": True})
        with Magneto(trigger(function), disk=disk) as magneto:
            magneto.control("POST", "restore", {"name": "before", "namespace": "local/us-east-1"})
            magneto.put("b")
            magneto.until_idle()
            assert function.keys == ["b"]
