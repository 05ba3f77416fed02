"""PynamoDB: models with an index, a version and a TTL attribute, by the library's own expressions and transactions."""
import os
from datetime import datetime, timedelta, timezone

from pynamodb.attributes import (JSONAttribute, ListAttribute, MapAttribute, NumberAttribute, TTLAttribute,
                                 UnicodeAttribute, UnicodeSetAttribute, UTCDateTimeAttribute, VersionAttribute)
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError, TableError, TransactWriteError, UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite

from tests import ENDPOINT, done, equal, fails, test

os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local")
connection = Connection(host=ENDPOINT, region="us-east-1")


class Local:
    """Where every model here is kept."""
    host = ENDPOINT
    region = "us-east-1"
    max_retry_attempts = 0
    billing_mode = "PAY_PER_REQUEST"


class ByAuthor(GlobalSecondaryIndex):
    class Meta:
        index_name = "author-index"
        projection = AllProjection()

    author = UnicodeAttribute(hash_key=True)
    at = UTCDateTimeAttribute(range_key=True)


class Address(MapAttribute):
    city = UnicodeAttribute()
    floor = NumberAttribute(null=True)


class Message(Model):
    class Meta(Local):
        table_name = "pynamo-messages"

    group = UnicodeAttribute(hash_key=True)
    at = UTCDateTimeAttribute(range_key=True)
    author = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    likes = NumberAttribute(default=0)
    tags = UnicodeSetAttribute(null=True)
    replies = ListAttribute(default=list)
    sent_from = Address(null=True)
    extra = JSONAttribute(null=True)
    expires = TTLAttribute(null=True)
    by_author = ByAuthor()


class Account(Model):
    class Meta(Local):
        table_name = "pynamo-accounts"

    name = UnicodeAttribute(hash_key=True)
    balance = NumberAttribute(default=0)
    version = VersionAttribute()


BEGIN = datetime(2023, 3, 27, 10, tzinfo=timezone.utc)


def minute(n):
    return BEGIN + timedelta(minutes=n)


def message(n, **others):
    return Message("g1", minute(n), author="andrew" if n % 2 else "bayko", text=f"message {n}", **others)


def texts(found):
    return [each.text for each in found]


@test
def _():
    """the models make their tables"""
    equal(Message.exists(), False)
    for model in Message, Account:
        model.create_table(wait=True)
    equal((Message.exists(), Message.describe_table()["TableStatus"]), (True, "ACTIVE"))


@test
def _():
    """what is saved comes back"""
    expires = datetime(2030, 1, 1, tzinfo=timezone.utc)
    saved = message(0, tags={"a", "b"}, replies=["one", {"two": 2}], sent_from=Address(city="Toronto", floor=3),
                    extra={"any": ["thing"]}, expires=expires)
    saved.save()
    got = Message.get("g1", minute(0), consistent_read=True)
    equal(got.serialize()["sent_from"], {"M": {"city": {"S": "Toronto"}, "floor": {"N": "3"}}})
    got.sent_from = saved.sent_from = None # maps have no equality of their own
    equal(got.attribute_values, saved.attribute_values)
    got.refresh()
    equal(got.sent_from.city, "Toronto")
    with fails(DoesNotExist):
        Message.get("g1", minute(500))


@test
def _():
    """a batch of 40, queried by table and index, in pages"""
    with Message.batch_write() as batch:
        for n in range(1, 41):
            batch.save(message(n))
    newest = Message.query("g1", Message.at.between(minute(3), minute(30)), scan_index_forward=False, limit=2)
    equal(texts(newest), ["message 30", "message 29"])
    liked = Message.query("g1", filter_condition=Message.text.contains("7") & (Message.likes == 0), page_size=10)
    equal(texts(liked), [f"message {n}" for n in (7, 17, 27, 37)])
    by_author = Message.by_author.query("andrew", Message.at >= minute(30), page_size=2)
    equal(texts(by_author), [f"message {n}" for n in (31, 33, 35, 37, 39)])
    first = Message.query("g1", limit=5)
    read = texts(first)
    read += texts(Message.query("g1", last_evaluated_key=first.last_evaluated_key, limit=100))
    equal(read, [f"message {n}" for n in range(41)])
    equal((Message.count("g1"), len(list(Message.scan(page_size=7)))), (41, 41))
    keys = [("g1", minute(n)) for n in range(39, 44)]
    equal(sorted(texts(Message.batch_get(keys))), ["message 39", "message 40"])


@test
def _():
    """updates by actions, with conditions"""
    one = Message.get("g1", minute(0))
    one.update([Message.likes.add(5), Message.tags.delete({"a"}), Message.extra.remove(),
                Message.sent_from.city.set("Ottawa"), Message.replies.set(Message.replies.append(["three"]))],
               condition=Message.likes < 1)
    equal((one.likes, one.tags, one.extra, one.sent_from.city), (5, {"b"}, None, "Ottawa"))
    equal(one.replies, ["one", {"two": 2}, "three"])
    with fails(UpdateError, "The conditional request failed") as failure:
        one.update([Message.likes.set(0)], condition=Message.likes < 1)
    equal(failure.error.cause_response_code, "ConditionalCheckFailedException")


@test
def _():
    """create only once, delete only what is as expected"""
    with fails(PutError, "The conditional request failed"):
        message(1).save(condition=Message.group.does_not_exist())
    with fails(DeleteError, "The conditional request failed"):
        message(1).delete(condition=Message.likes > 0)
    message(1).delete(condition=Message.author.startswith("and") & Message.likes.is_type())
    with fails(DoesNotExist):
        Message.get("g1", minute(1))


@test
def _():
    """a version attribute finds the later writer"""
    Account("andrew", balance=10).save()
    mine, other = Account.get("andrew"), Account.get("andrew")
    mine.update([Account.balance.add(1)])
    equal((mine.version, mine.balance), (2, 11))
    other.balance = 0
    with fails(PutError, "The conditional request failed"):
        other.save()


def move(amount):
    with TransactWrite(connection=connection) as transaction:
        andrew, bayko = Account.get("andrew"), Account.get("bayko")
        transaction.update(andrew, [Account.balance.add(-amount)], condition=Account.balance >= amount)
        transaction.update(bayko, [Account.balance.add(amount)])


@test
def _():
    """a transaction moves money, or says why not"""
    Account("bayko").save()
    move(7)
    with fails(TransactWriteError) as failure:
        move(7)
    equal(failure.error.cause_response_code, "TransactionCanceledException")
    equal([reason and reason.code for reason in failure.error.cancellation_reasons], ["ConditionalCheckFailed", None])
    with TransactGet(connection=connection) as transaction:
        read = [transaction.get(Account, name) for name in ("andrew", "bayko")]
    equal([future.get().balance for future in read], [4, 7])


@test
def _():
    """the TTL attribute was told to the table, and the tables go"""
    with fails(TableError, "TimeToLive is already enabled"):
        Message.update_ttl(ignore_update_ttl_errors=False)
    for model in Message, Account:
        model.delete_table()
        equal(model.exists(), False)


done()
