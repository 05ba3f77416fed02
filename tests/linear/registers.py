"""The model: a few registers, each a number or None (no item), and what single requests and transactions do to them.

A call is (kind, ((register, action), ...)); an action is a tuple of its name and arguments.

    kind     answer
    single   what the one action answers
    read     the values, all of one moment: TransactGetItems
    write    for each action whether its condition held; nothing is written unless all did: TransactWriteItems
"""
from history import UNKNOWN


def act(value, action):
    """(does the condition hold, the new value, the answer of a single request)"""
    name, *arguments = action
    return globals()["act_" + name](value, *arguments)


def act_get(value):
    return True, value, value


def act_write(_, new):
    """Without a word about the old value: BatchWriteItem."""
    return True, new, None


def act_put(value, new):
    return True, new, value


def act_delete(value):
    return True, None, value


def act_add(value, amount):
    new = (value or 0) + amount
    return True, new, new


def act_create(value, new):
    return (True, new, "done") if value is None else (False, value, ("refused", value))


def act_swap(value, old, new):
    return (True, new, "done") if value == old else (False, value, ("refused", value))


def act_withdraw(value, amount):
    if value is None or value < amount:
        return False, value, ("refused", value)
    return True, value - amount, "done"


def step(state, call, answer):
    kind, actions = call
    tried = [act(state[register], action) for register, action in actions]
    expected = {
        "single": lambda: tried[0][2],
        "read": lambda: tuple(value for _, value, _ in tried),
        "write": lambda: tuple(holds for holds, _, _ in tried),
    }[kind]()
    if answer is not UNKNOWN and answer != expected:
        return None
    if not all(holds for holds, _, _ in tried):
        return state
    after = list(state)
    for (register, _), (_, value, _) in zip(actions, tried):
        after[register] = value
    return tuple(after)


def is_harmless(call, answer):
    """A read, or a write that was refused."""
    kind, actions = call
    if kind == "write":
        return answer is not UNKNOWN and not all(answer)
    return kind == "read" or actions[0][1] == ("get",) or isinstance(answer, tuple)
