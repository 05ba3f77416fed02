"""Flags, variables and defaults: which goes before which, and `magneto config`, -help and README that say so."""
import os
import re
import tempfile

from process import run, settings, start

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def test_flag_before_variable_before_default():
    env = {"MAGNETO_PORT": "9001", "MAGNETO_SHARED_DB": "true", "MAGNETO_SYNC": "always"}
    got = settings("--port", "9002", env=env)
    assert got["port"] == ("9002", "flag --port")
    assert got["shared-db"] == ("true", "variable MAGNETO_SHARED_DB")
    assert got["sync"] == ("always", "variable MAGNETO_SYNC")
    assert got["in-memory"] == ("false", "default") and got["db-path"] == ("null", "default")
    assert settings(env=env)["port"] == ("9001", "variable MAGNETO_PORT")
    assert settings()["port"] == ("8000", "default")


def test_variables_under_both_faces():
    env = {"MAGNETO_IN_MEMORY": "1", "MAGNETO_SHARED_DB": "true", "MAGNETO_CORS": "a.example"}
    for args in [], ["serve"], ["-jar", "DynamoDBLocal.jar"]:
        with start(*args, env=env) as server:
            assert [server.configured(name) for name in ("InMemory", "SharedDb", "CorsParams")] == [
                "true", "true", "a.example"]


def test_truth_of_variables():
    for text, value in ("true", "true"), ("1", "true"), ("false", "false"), ("0", "false"), ("", "false"):
        assert settings(env={"MAGNETO_SHARED_DB": text})["shared-db"][0] == value
    result = run("-inMemory", env={"MAGNETO_SHARED_DB": "perhaps"})
    assert result.returncode == 1 and "MAGNETO_SHARED_DB takes true or false, not 'perhaps'" in result.stderr
    assert settings("--shared-db=false", env={"MAGNETO_SHARED_DB": "true"})["shared-db"] == ("false", "flag --shared-db")


def test_flag_sets_a_contradicting_variable_aside():
    with tempfile.TemporaryDirectory() as folder:
        with start("-inMemory", env={"MAGNETO_DB_PATH": folder}) as server:
            assert (server.configured("InMemory"), server.configured("DbPath")) == ("true", "null")
            assert server.stderr().count("\n") == 1 and "MAGNETO_DB_PATH is set aside" in server.stderr()
        with start("--db-path", folder, env={"MAGNETO_IN_MEMORY": "true"}) as server:
            assert (server.configured("InMemory"), server.configured("DbPath")) == ("false", folder)


def test_port_of_a_service_called_magneto():
    assert settings(env={"MAGNETO_PORT": "tcp://10.0.0.7:8000"})["port"] == ("8000", "default")


def flags_of_help():
    """{flag: (argument, what it is for)}, of every command."""
    texts = [run("-help").stdout] + [run(command, "-help").stdout for command in ("status", "export", "import")]
    rows = [row for text in texts for row in re.findall(r"^  -(\w+)(?: <(.+?)>)? {2,}(.*)$", text, re.M)]
    return {name: (argument, text) for name, argument, text in rows}


def test_readme_agrees_with_help():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        rows = re.findall(r"^\| `--([\w-]+)(?: <(.+?)>)?` \| (?:`(\w+)`)? ?\| (.*) \|$", file.read(), re.M)
    readme = {}
    for kebab, argument, variable, text in rows:
        assert variable in ("", "MAGNETO_" + kebab.upper().replace("-", "_"))
        assert bool(variable) == (kebab not in ("help", "version", "from", "schema")), kebab
        name = re.sub("-(.)", lambda match: match.group(1).upper(), kebab)
        readme[name] = (argument.replace(r"\|", "|"), text)
    assert readme == flags_of_help()


def test_config_knows_every_variable():
    assert {name for name in settings()} == {
        re.sub("([A-Z])", r"-\1", name).lower() for name in flags_of_help()} - {
            "help", "version", "endpoint", "from", "schema"}


def test_commands_in_help():
    text = run("-help").stdout
    for command in "serve", "healthcheck", "status", "export", "import", "config":
        assert re.search(rf"^  {command} ", text, re.M)
        result = run(command, "--help")
        assert result.returncode == 0 and not result.stderr and "usage: magneto" in result.stdout


def test_unknown_flag_of_a_command():
    for args in ["status", "-inMemory"], ["config", "-foo"], ["healthcheck", "stray"], ["nonsense"]:
        result = run(*args)
        assert result.returncode == 1 and not result.stdout and "usage:" in result.stderr


def test_working_directory_that_cannot_be_written():
    with start(cwd="/proc/self") as server:
        assert server.configured("InMemory") == "true" and "memory" in server.stderr()
