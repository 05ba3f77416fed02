"""Expressions as texts, with the names and values they use."""
from .values import ATTRIBUTES, typed, value

COMPARATORS = ["=", "<>", "<", "<=", ">", ">="]
PLAIN = ["a", "b", "c", "m", "l", "s", "n", "g", "h", "pk", "sk"]
TYPE_NAMES = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"]


class Maker:
    """Makes the expressions of one request, and collects their names and values."""

    def __init__(self, rng):
        self.rng, self.names, self.values = rng, {}, {}

    def used(self):
        request = {}
        if self.names:
            request["ExpressionAttributeNames"] = self.names
        if self.values:
            request["ExpressionAttributeValues"] = self.values
        return request

    # --- operands

    def value(self, content):
        for name, known in self.values.items():
            if known == content:
                return name
        name = f":v{len(self.values)}"
        self.values[name] = content
        return name

    def any_value(self):
        return self.value(value(self.rng))

    def name(self, target=None):
        """An attribute's name, as it is or by a placeholder."""
        target = target or self.rng.choice(PLAIN if self.rng.random() < 0.8 else ATTRIBUTES)
        if target in PLAIN and self.rng.random() < 0.8:
            return target
        placeholder = "#" + "".join(each for each in target if each.isalnum())
        self.names[placeholder] = target
        return placeholder

    def path(self, head=None):
        text = self.name(head)
        while self.rng.random() < 0.3:
            text += f"[{self.rng.randrange(4)}]" if self.rng.random() < 0.5 else "." + self.name(self.rng.choice("abml"))
        return text

    def operand(self):
        kind = self.rng.random()
        return self.path() if kind < 0.45 else self.any_value() if kind < 0.9 else f"size({self.path()})"

    # --- conditions

    def condition(self, depth=2):
        kind = self.rng.random()
        if depth and kind < 0.3:
            joined = f" {self.rng.choice(['AND', 'OR'])} ".join(self.condition(depth - 1) for _ in range(2))
            return f"({joined})" if self.rng.random() < 0.5 else joined
        if depth and kind < 0.4:
            return f"NOT {self.condition(depth - 1)}"
        if kind < 0.6:
            return f"{self.operand()} {self.rng.choice(COMPARATORS)} {self.operand()}"
        if kind < 0.68:
            low = typed(self.rng, self.rng.choice("SNB"))
            high = typed(self.rng, next(iter(low)))
            return f"{self.operand()} BETWEEN {self.value(low)} AND {self.value(high)}"
        if kind < 0.75:
            return f"{self.path()} IN ({', '.join(self.operand() for _ in range(self.rng.randrange(1, 4)))})"
        return self.function()

    def function(self):
        name = self.rng.choice(["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"])
        if name == "attribute_type":
            return f"{name}({self.path()}, {self.value({'S': self.rng.choice(TYPE_NAMES)})})"
        if name == "begins_with":
            return f"{name}({self.path()}, {self.value(typed(self.rng, self.rng.choice('SB')))})"
        if name == "contains":
            return f"{name}({self.path()}, {self.operand()})"
        return f"{name}({self.path()})"

    # --- updates

    def update(self):
        sections = self.rng.sample(["SET", "REMOVE", "ADD", "DELETE"], self.rng.choice([1, 1, 1, 2, 2, 3]))
        return " ".join(f"{section} {', '.join(self.action(section) for _ in range(self.rng.choice([1, 1, 2, 3])))}"
                        for section in sections)

    def action(self, section):
        path = self.path(self.rng.choice(["a", "b", "c", "m", "l", "s", "n", "g", "h", "x y"]))
        if section == "SET":
            return f"{path} = {self.assigned()}"
        if section == "REMOVE":
            return path
        kinds = ["N", "N", "SS", "NS", "BS"] if section == "ADD" else ["SS", "NS", "BS"]
        return f"{path} {self.value(typed(self.rng, self.rng.choice(kinds)))}"

    def assigned(self):
        kind = self.rng.random()
        if kind < 0.5:
            return self.any_value()
        if kind < 0.65:
            return self.path()
        if kind < 0.8:
            return f"{self.term('N')} {self.rng.choice('+-')} {self.term('N')}"
        return f"list_append({self.term('L')}, {self.term('L')})" if kind < 0.9 else self.term("N")

    def term(self, kind):
        """Of a sum or list_append: a value of the right type, a path, or a path that may be missing."""
        content = self.value(typed(self.rng, kind))
        path = self.path(self.rng.choice({"N": ["n", "a", "b"], "L": ["l", "m", "a"]}[kind]))
        return self.rng.choice([content, path, f"if_not_exists({path}, {content})"])

    # --- projections and keys

    def projection(self):
        return ", ".join(self.path() for _ in range(self.rng.choice([1, 2, 2, 3])))

    def key_condition(self, keys, key_value):
        """`keys` are names, hash first; `key_value` makes one's value."""
        clauses = [f"{self.name(keys[0])} = {self.value(key_value(keys[0]))}"]
        if len(keys) > 1 and self.rng.random() < 0.7:
            clauses.append(self.sort_condition(self.name(keys[1]), lambda: key_value(keys[1])))
        self.rng.shuffle(clauses)
        return " AND ".join(clauses)

    def sort_condition(self, name, key_value):
        kind = self.rng.random()
        if kind < 0.2:
            low, high = sorted([key_value(), key_value()], key=str)
            return f"{name} BETWEEN {self.value(low)} AND {self.value(high)}"
        if kind < 0.35:
            return f"begins_with({name}, {self.value(key_value())})"
        return f"{name} {self.rng.choice(['=', '<', '<=', '>', '>='])} {self.value(key_value())}"
