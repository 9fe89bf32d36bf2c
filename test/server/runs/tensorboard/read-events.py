"""Reads a folder of event files as TensorBoard does and prints what it finds as JSON."""

import hashlib
import json
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader


def read(folder):
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0, "images": 0})
    accumulator.Reload()
    tags = accumulator.Tags()
    files = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if "tfevents" in name]
    return {
        "files": len(files),
        "events": sum(1 for file in files for _ in LegacyEventFileLoader(file).Load()),
        "scalars": {tag: [[s.step, s.value] for s in accumulator.Scalars(tag)] for tag in tags["scalars"]},
        "images": {
            tag: [[i.step, i.width, i.height, hashlib.sha256(i.encoded_image_string).hexdigest()] for i in accumulator.Images(tag)]
            for tag in tags["images"]
        },
        "graph": [
            {
                "name": node.name,
                "op": node.op,
                "input": list(node.input),
                "params": {key: value.s.decode() for key, value in node.attr.items() if value.WhichOneof("value") == "s"},
                "shapes": [[dim.size for dim in shape.dim] for shape in node.attr["_output_shapes"].list.shape],
            }
            for node in accumulator.Graph().node
        ]
        if tags["graph"]
        else None,
    }


json.dump({folder: read(folder) for folder in sys.argv[1:]}, sys.stdout)
