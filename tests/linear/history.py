"""What clients asked and were told, and whether one order of the requests explains it.

The check is Wing and Gong's, with Lowe's just-in-time linearization: going through the events in the order in which
they were seen, it keeps every configuration (state, requests that have taken effect but were not answered yet) that is
still possible. At an answer, requests under way take effect in any order until the answered one has; configurations in
which it cannot have given that answer fall away. When none is left, no order explains the history. A request without an
answer may have taken effect at any time after it was sent, or not at all.
"""
import functools

UNKNOWN = object()


class Search:
    """For configurations, of one history and one model of its object."""

    def __init__(self, model, history):
        self.model, self.calls, self.answers = model, history.calls, history.answers
        self.after = functools.cache(self.after)
        self.is_harmless = functools.cache(self.is_harmless)

    def after(self, state, number):
        """The next state, or None when the request cannot be answered so in this one."""
        return self.model.step(state, self.calls[number], self.answers[number])

    def is_harmless(self, number):
        """So answered, it leaves any state as it is."""
        return self.model.is_harmless(self.calls[number], self.answers[number])

    def settled(self, state, done, under_way):
        """With all harmless requests that this state answers so: to take those now forecloses nothing."""
        return state, done | {number for number in under_way - done
                              if self.is_harmless(number) and self.after(state, number) is not None}

    def answered(self, number, configurations, under_way):
        """What those configurations can become once this request has taken effect."""
        result, seen = set(), set()
        todo = [self.settled(*configuration, under_way) for configuration in configurations]
        while todo:
            state, done = configuration = todo.pop()
            if configuration in seen:
                continue
            seen.add(configuration)
            if number in done:
                result.add((state, done - {number}))
                continue
            todo += [self.settled(changed, done | {other}, under_way) for other in under_way - done
                     if not self.is_harmless(other) and (changed := self.after(state, other)) is not None]
        return result


class History:
    """Of one object. begin() stands before the request is sent and end() after its answer has been read, so that the
    recorded time of a request is never shorter than the real one."""

    def __init__(self, initial):
        self.initial = initial
        self.calls, self.answers, self.events = [], [], []

    def begin(self, call):
        self.calls.append(call)
        self.answers.append(UNKNOWN)
        self.events.append((len(self.calls) - 1, False))
        return len(self.calls) - 1

    def end(self, number, answer):
        self.answers[number] = answer
        self.events.append((number, True))

    def fault(self, model):
        """None, or the answer that no order explains. The model says what a request does: step(state, call, answer) is
        the next state, or None when it cannot be answered so in that state; is_harmless(call, answer), that the request
        was one that leaves any state as it is."""
        search = Search(model, self)
        configurations, under_way = {(self.initial, frozenset())}, set()
        for number, is_answer in self.events:
            if not is_answer:
                under_way.add(number)
                continue
            last = configurations
            configurations = search.answered(number, configurations, under_way)
            if not configurations:
                return self.tell(number, last, under_way)
            under_way.remove(number)
        return None

    def tell(self, number, configurations, under_way):
        lines = [f"no order explains the answer to request {number}: {self.line(number)}"]
        lines += ["possible before it:"]
        lines += [f"    {state}, answered later: {sorted(done)}" for state, done in configurations]
        lines += ["under way:"] + [f"    {each}: {self.line(each)}" for each in sorted(under_way)]
        return "\n".join(lines)

    def line(self, number):
        answer = self.answers[number]
        return f"{self.calls[number]} -> {'no answer' if answer is UNKNOWN else answer}"
