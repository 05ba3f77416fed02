"""What is known of each peer: its rules, what it cannot do, what to send in place of a request."""
from . import rules_dynalite, rules_dynoxide
from .rules import adapted

RULES = {"dynalite": rules_dynalite.RULES, "dynoxide": rules_dynoxide.RULES}
LACKS = {"dynalite": ("TransactWriteItems", "TransactGetItems")}
ADAPTED = {"dynalite": rules_dynalite.sent, "dynoxide": adapted}
