"""--trigger and --triggers: what is wrong is said in one sentence before anything is served. Every rule of the values is
in tests/unit/test_mapping.c and test_pattern.c."""
import json
import os
import tempfile

from process import run, settings, start

TABLE = "-trigger orders=http://localhost:9001/2015-03-31/functions/f/invocations"


def refused(*args, env=None):
    """The sentence."""
    with tempfile.TemporaryDirectory() as folder:
        result = run(*args, env=env, cwd=folder)
        assert result.returncode == 1 and not result.stdout, result
        assert os.listdir(folder) == [], "data was opened"
    line, = result.stderr.splitlines()
    assert line.startswith("magneto: "), line
    return line[len("magneto: "):]


def test_bad_options():
    target = TABLE.split()[1]
    for options, sentence in [
        ("batchSize=0", "batchSize takes a number from 1 to 10000, not '0'"),
        ("window=301", "window takes a number from 0 to 300, not '301'"),
        ("retries=-2", "retries takes a number from -1 to 10000, not '-2'"),
        ("timeout=901", "timeout takes a number from 1 to 900, not '901'"),
        ("start=NOW", "start takes TRIM_HORIZON or LATEST, not 'NOW'"),
        ("view=ALL", "view takes NEW_AND_OLD_IMAGES, NEW_IMAGE, OLD_IMAGE or KEYS_ONLY, not 'ALL'"),
        ("namespace=x", "namespace takes <accessKey>/<region>, as in 'local/us-east-1', not 'x'"),
        ("onFailure=", "onFailure is empty"),
        ('filter={"a":[1]', "filter has a pattern without its closing brace"),
        ('filter={"a":"x"}', "filter: a is neither an object nor an array: a value stands in an array, as in "
                             '["INSERT"]'),
        ('filter={"a":[{"between":[1,2]}]}', "filter: a has 'between', which is no operator"),
    ]:
        assert refused("-inMemory", "-trigger", f"{target},bisect,{options}") == f"{TABLE}: {sentence}"
    assert "'batchsize' is no option" in refused("-trigger", f"{target},batchsize=1")


def test_bad_targets():
    assert refused("-trigger", "orders") == "-trigger orders: not of the form TABLE=TARGET[,option]..."
    assert refused("-trigger", "").startswith("-trigger takes a value")
    assert "https is not spoken" in refused("--trigger", "orders=https://localhost/")
    assert "TARGET takes http://" in refused("--trigger=orders=localhost:9001")
    assert "TABLE takes a table's name" in refused("--trigger", "or/ders=exec:cat")
    assert "has a trigger with this target already" in refused(
        "-trigger", "orders=exec:cat", "-trigger", "orders=exec:cat,batchSize=1")


def test_namespaces_with_shared_db():
    assert refused("-sharedDb", "-trigger", "orders=exec:cat,namespace=a/b") == (
        "-trigger orders=exec:cat: namespace takes 'shared', the only one with -sharedDb, not 'a/b'")


def test_a_trigger_of_flag_and_file_twice():
    with tempfile.NamedTemporaryFile("w") as file:
        json.dump({"EventSourceMappings": [{"TableName": "orders", "Target": "exec:cat"}]}, file)
        file.flush()
        assert refused("-triggers", file.name, "-trigger", "orders=exec:cat").startswith(
            f"-triggers {file.name}: EventSourceMappings[0]: table 'orders' has a trigger with this target already")


def test_bad_files():
    assert refused("-triggers", "/nowhere") == "-triggers /nowhere: cannot be read: No such file or directory"
    assert refused("-triggers", "/") == "-triggers /: cannot be read: Is a directory"
    assert refused("-triggers", "/dev/zero") == "-triggers /dev/zero: cannot be read: File too large"
    for text, sentence in [
        ("", "the file is no JSON"),
        ('{"Mappings":[]}', 'the file takes {"EventSourceMappings":[...]} and no other member'),
        ('{"EventSourceMappings":[{"TableName":"orders"}]}', "EventSourceMappings[0]: Target is missing"),
    ]:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(text)
            file.flush()
            assert refused("-triggers", file.name) == f"-triggers {file.name}: {sentence}"
            assert refused(env={"MAGNETO_TRIGGERS": file.name}) == f"MAGNETO_TRIGGERS {file.name}: {sentence}"


def test_variable_has_a_trigger_on_each_line():
    env = {"MAGNETO_TRIGGER": "\n  orders=exec:cat\n  others=exec:cat,batchSize=no\n"}
    assert refused(env=env) == "MAGNETO_TRIGGER others=exec:cat: batchSize takes a number from 1 to 10000, not 'no'"
    with start("-inMemory", "-trigger", "orders=exec:cat", env=env) as server:
        assert server.stderr() == ""
    assert settings("-trigger", "orders=exec:cat", env=env)["trigger"] == ("orders=exec:cat", "flag --trigger")
