#!/usr/bin/env python3
"""Drives a run through Stillroom's HTTP API with nothing but Python's standard library.

    python3 examples/drive_a_run.py --data DIR [--template shallow] [--epochs 3] [--predict IMAGE]

The server's address and token are taken from STILLROOM_ADDRESS and STILLROOM_TOKEN, or from --address and --token:
`stillroom server --json` prints both. DIR must lie in a folder that the server was started with (--data-root DIR).
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request


class Api:
    """Asks the API; what goes wrong is told in its own words."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address.rstrip("/")
        self.token = token

    def __call__(self, method: str, path: str, body: object = None) -> dict:
        request = urllib.request.Request(
            f"{self.address}/api{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read() or "{}")
        except urllib.error.HTTPError as error:
            problem = json.loads(error.read())
            sys.exit(f"{problem['code']}: {problem['title']}" + (f" ({problem['hint']})" if "hint" in problem else ""))
        except urllib.error.URLError as error:
            sys.exit(f"{self.address} does not answer ({error.reason}): start it with `npm start`, or name another with --address")


def follow(api: Api, run: str) -> dict:
    """Prints what happens in a run, each event once, until it is over."""
    after = 0
    while True:
        state = api("GET", f"/runs/{run}")
        told = api("GET", f"/runs/{run}/events?after={after}")
        for entry in told["events"]:
            after = entry["seq"]
            event = entry["event"]
            if event["type"] == "state":
                print(f"{event['state']}{': ' + event['reason'] if 'reason' in event else ''}")
            elif event["type"] == "epoch":
                print(f"{event['category']}, {event['fit']}: epoch {event['epoch']}, validation loss {event['validationLoss']:.5f}")
        # Looked at before the events were: none of those can be missing.
        if state["state"] in ("done", "failed", "cancelled") and not told["events"]:
            return state
        time.sleep(0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default=os.environ.get("STILLROOM_ADDRESS", "http://127.0.0.1:4321"))
    parser.add_argument("--token", default=os.environ.get("STILLROOM_TOKEN", ""))
    parser.add_argument("--data", required=True, help="folder of images, in a layout that `stillroom data info` knows")
    parser.add_argument("--template", default="shallow", help="a graph that comes with Stillroom")
    parser.add_argument("--graph", help="a graph document of your own, in place of a template")
    parser.add_argument("--epochs", type=int, help="of every fit, instead of what the graph says")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--predict", help="an image to score with the run once it is done")
    given = parser.parse_args()

    api = Api(given.address, given.token)
    if given.graph:
        with open(given.graph, encoding="utf-8") as file:
            graph = api("POST", "/graphs", {"document": json.load(file), "by": "drive_a_run.py"})
    else:
        graph = api("POST", "/graphs", {"template": given.template, "by": "drive_a_run.py"})
    dataset = api("POST", "/datasets", {"path": os.path.abspath(given.data)})
    run = api("POST", "/runs", {"graph": graph["id"], "dataset": dataset["id"], "seed": given.seed, "epochs": given.epochs})
    print(f"run {run['id']}")

    ended = follow(api, run["id"])
    if ended["state"] != "done":
        sys.exit(f"{ended['state']}: {(ended['problem'] or {}).get('message', '')}")
    for category, metrics in ended["metrics"].items():
        print(category, ", ".join(f"{name} {'–' if value is None else f'{value:.4f}'}" for name, value in metrics.items()))

    if given.predict:
        category = next(iter(ended["metrics"]))
        scored = api("POST", f"/runs/{run['id']}/predict", {"paths": [os.path.abspath(given.predict)], "category": category})
        print(json.dumps(scored, indent=2))


if __name__ == "__main__":
    main()
