"""Makes a script shorter as long as its last request still shows the same kind of difference."""
import copy

from .bend import TOKEN, places
from .sides import Ended

TRIES = 600


class Shrinker:
    def __init__(self, pair, table, script, difference):
        self.pair, self.table, self.script, self.difference = pair, table, script, difference
        self.kind, self.tries = difference.kind(), TRIES

    def shrink(self):
        before = None
        while before != self.script and self.tries:
            before = self.script
            self.drop_requests()
            for number in range(len(self.script)):
                self.shrink_request(number)
        return self.script, self.difference

    def keeps(self, script):
        """Takes the shorter script if it shows the difference."""
        if not self.tries:
            return False
        self.tries -= 1
        try:
            found = self.pair.play(self.table, script)
        except Ended:
            return False
        if found is None or found.rule or found.kind() != self.kind:
            return False
        self.script, self.difference = script, found
        return True

    def drop_requests(self):
        size = len(self.script) // 2
        while size:
            first = 0
            while first < len(self.script) - 1:
                end = min(first + size, len(self.script) - 1)
                if not self.keeps(self.script[:first] + self.script[end:]):
                    first = end
            size //= 2

    def shrink_request(self, number):
        for change in (self.without_member, self.without_tokens, self.with_less_text):
            position = 0
            while True:
                operation, request = self.script[number]
                smaller = change(copy.deepcopy(request), position)
                if smaller is None:
                    break
                if smaller is request or not self.keeps([*self.script[:number], (operation, smaller), *self.script[number + 1:]]):
                    position += 1

    @staticmethod
    def without_member(request, position):
        found = [*places(request), *elements(request)]
        if position >= len(found):
            return None
        owner, name = found[position]
        del owner[name]
        return request

    @staticmethod
    def without_tokens(request, position):
        """Positions run over all tokens of all expressions: one token, or one and the next few."""
        for owner, name in expressions(request):
            tokens = TOKEN.findall(owner[name])
            for width in (6, 3, 2, 1):
                if position < len(tokens):
                    owner[name] = "".join(tokens[:position] + tokens[position + width:])
                    return request
                position -= len(tokens)
        return None

    @staticmethod
    def with_less_text(request, position):
        found = [(owner, name) for owner, name in places(request) if name in ("S", "N", "B") and owner[name] not in ("a", "1", "AA==")]
        if position >= len(found):
            return None
        owner, name = found[position]
        owner[name] = {"S": "a", "N": "1", "B": "AA=="}[name]
        return request


def expressions(request):
    return [(owner, name) for owner, name in places(request) if name.endswith("Expression")]


def elements(node):
    """Owner and position of every list element, from the back."""
    if isinstance(node, dict):
        for inner in node.values():
            yield from elements(inner)
    elif isinstance(node, list):
        for position in reversed(range(len(node))):
            yield from elements(node[position])
            yield node, position
