"""magneto in the place of `java -jar DynamoDBLocal.jar`: what it takes for a JVM's words, and what for its own."""
import os
import re
import tempfile

from process import JAR, java, run, start_java


def starts(*args, **configured):
    """It starts with these arguments, and says in its banner that it has taken those that count."""
    with start_java(*args) as server:
        for name, value in configured.items():
            assert server.configured(name) == value, (name, server.banner)
        assert server.client().ask("GET").status == 400


def test_flags_before_and_behind_jar():
    starts(*JAR, "-inMemory", "-port", "0", InMemory="true", SharedDb="false")
    starts("-inMemory", "-port", "0", *JAR, "-sharedDb", InMemory="true", SharedDb="true")
    starts("-inMemory", "-port", "0", InMemory="true")
    starts("-jar", "/home/dynamodblocal/DynamoDBLocal.jar", "--inMemory", "--port", "0")


def test_words_of_a_jvm():
    starts("-Djava.library.path=./DynamoDBLocal_lib", "-Xms256m", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxRAM=1g", "-server",
           "-ea", "-javaagent:agent.jar=x", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "--illegal-access=permit",
           *JAR, "-inMemory", "-port", "0", InMemory="true")
    starts("-cp", "DynamoDBLocal.jar:DynamoDBLocal_lib/*", "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
           "-inMemory", "-port", "0", InMemory="true")
    starts("-classpath", "x", "a.b.ServerRunner", "-inMemory", "-port", "0", InMemory="true")
    starts("java", "-Xmx1g", *JAR, "-inMemory", "-port", "0", InMemory="true")
    starts(*JAR, "-Djava.library.path=.", "-inMemory", "-port", "0", InMemory="true")


def test_arguments_with_blanks():
    starts("-jar DynamoDBLocal.jar -inMemory -sharedDb -port 0", SharedDb="true")
    starts("-jar", "DynamoDBLocal.jar -inMemory -port 0", InMemory="true")
    starts(*JAR, "-inMemory -port 0", InMemory="true")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(data := os.path.join(folder, "my data"))
        os.chmod(folder, 0o755)
        starts(*JAR, "-dbPath", data, "-port", "0", DbPath=data)
        assert os.path.exists(os.path.join(data, "magneto.mdb"))


def test_variables_of_a_jvm_are_ignored_silently():
    with start_java(*JAR, "-inMemory", "-port", "0", env={name: "-Xmx1g -foo" for name in (
            "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTS")}) as server:
        assert server.stderr() == "" and server.banner[0].startswith("Initializing")


def test_last_one_wins():
    with start_java(*JAR, "-cors", "a", "-inMemory", "-port", "1", "-port", "0", "--cors", "b") as server:
        assert server.configured("CorsParams") == "b"


def test_every_flag():
    starts(*JAR, "-port", "0", "-sharedDb", "-inMemory", "-cors", "*", "-delayTransientStatuses", "-disableTelemetry",
           "-optimizeDbBeforeStartup", SharedDb="true", CorsParams="*", shouldDelayTransientStatuses="true")


def test_version():
    with java() as path:
        for args in [*JAR, "-version"], ["-version"], ["--version"], ["-Xmx1g", *JAR, "--version"]:
            result = run(*args, program=path)
            assert result.returncode == 0 and not result.stderr
            assert re.fullmatch(r"\d+\.\d+\.\d+\n", result.stdout), result.stdout


def test_help():
    with java() as path:
        result = run(*JAR, "-help", program=path)
        assert result.returncode == 0 and not result.stderr and "-delayTransientStatuses" in result.stdout


def test_unknown_flags():
    with java() as path:
        for args in ([*JAR, "-foo"], ["-foo", *JAR], [*JAR, "-inmemory"], [*JAR, "-INMEMORY"], [*JAR, "--foo=1"],
                     [*JAR, "-h"], ["-jar"], [*JAR, "stray"]):
            result = run(*args, program=path)
            assert result.returncode == 1 and not result.stdout and "usage:" in result.stderr, result


def test_memory_and_directory_exclude_each_other():
    with java() as path, tempfile.TemporaryDirectory() as folder:
        result = run(*JAR, "-inMemory", "-dbPath", folder, program=path)
        assert result.returncode == 1 and not result.stdout and "exclude each other" in result.stderr


def test_relative_directory_is_made():
    with tempfile.TemporaryDirectory() as folder:
        with start_java(*JAR, "-dbPath", "./new/data", "-port", "0", cwd=folder) as server:
            assert server.configured("DbPath") == "./new/data"
        assert os.path.exists(os.path.join(folder, "new/data/magneto.mdb"))


def test_banner():
    with start_java(*JAR, "-inMemory", "-port", "0") as server:
        version = server.configured("Version")
        assert server.banner == [
            "Initializing DynamoDB Local with the following configuration:", f"Port:\t{server.port}", "InMemory:\ttrue",
            f"Version:\t{version}", "DbPath:\tnull", "SharedDb:\tfalse", "shouldDelayTransientStatuses:\tfalse",
            "CorsParams:\tnull", f"magneto {version} listens on all addresses, port {server.port}"]
        with server.client() as client: # it listens before it says so
            assert client.call("ListTables", {}).status == 200
