"""Results that are kept: results/<target>.json, one for each target and layer, and the table of them in README.md."""
import datetime
import json
import os
import re

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS, README = os.path.join(HERE, "results"), os.path.join(HERE, "README.md")
TABLE = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- end of results -->)", re.S)
LAYERS = ["classic", "2026"]


def keep(target, version, layer, folders):
    os.makedirs(RESULTS, exist_ok=True)
    result = {"target": target, "version": version, "layer": layer, "date": datetime.date.today().isoformat(),
              "folders": {folder: {"passed": passed, "failed": failed} for folder, (passed, failed) in sorted(folders.items())}}
    with open(os.path.join(RESULTS, f"{target}-{layer}.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")
    write_table()


def kept():
    results = []
    for name in os.listdir(RESULTS):
        with open(os.path.join(RESULTS, name), encoding="utf-8") as file:
            results.append(json.load(file))
    return sorted(results, key=lambda result: (LAYERS.index(result["layer"]), result["target"] != "magneto", result["target"]))


def write_table():
    with open(README, encoding="utf-8") as file:
        text = file.read()
    with open(README, "w", encoding="utf-8") as file:
        file.write(TABLE.sub(lambda _: table(kept()), text))


def table(results):
    folders = sorted({folder for result in results for folder in result["folders"]})
    rows = [["", *(f"{result['target']} {result['version']}" for result in results)],
            ["---"] * (len(results) + 1),
            ["layer", *(result["layer"] for result in results)],
            ["played on", *(result["date"] for result in results)],
            *([folder, *(figure([result["folders"][folder]] if folder in result["folders"] else []) for result in results)]
              for folder in folders),
            ["all", *(figure(result["folders"].values()) for result in results)]]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def figure(counts):
    passed = sum(count["passed"] for count in counts)
    cases = passed + sum(count["failed"] for count in counts)
    return f"{passed} of {cases}" if cases else "-"
