"""The shallow and the deep model in PyTorch, written apart from Stillroom, for `main.ts` to hold Stillroom to.

    pip install torch==2.13.0 numpy pillow scikit-learn scipy safetensors
    python bench/parity/peer.py FOLDER TEACHER

FOLDER holds `task.json` and `initial.safetensors` as Stillroom wrote them: the same images, split, batches and starting
weights. Decoding is Pillow's, the metrics are scikit-learn's and our own per-region overlap. Prints one JSON document:
`peer`; `nudged`, the same with every starting weight moved by one unit in the last place, which shows how far rounding
alone carries results apart; `double`, the first ten steps in float64; and `slower`, the first ten steps of both at each
of the slower rates.
"""

import argparse
import importlib.util
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from scipy import ndimage
from sklearn.metrics import roc_auc_score
from torch.nn import functional as F

FIRST = 10
FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures"


def module(name):
    spec = importlib.util.spec_from_file_location(name, FIXTURES / name / "make.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


backbones, trainable = module("backbones"), module("trainable")


def pixels(file):
    image = Image.open(file).convert("RGB").resize((256, 256), Image.BILINEAR).crop((16, 16, 240, 240))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255


def mask_of(file):
    return np.array(Image.open(file).convert("L").resize((256, 256), Image.NEAREST).crop((16, 16, 240, 240))) > 0


def folded_resnet18(file):
    """ResNet18 whose batch-norms are folded into convolutions with a bias: batch-norm becomes adding that bias."""
    net = backbones.ResNet18()
    state = load_file(file)
    own = net.state_dict()
    if "bn1.running_mean" in state:
        own.update({k: v.float() for k, v in state.items() if k in own})
    else:
        for key, value in state.items():
            layer, kind = key.rsplit(".", 1)
            if kind == "weight":
                own[key] = value
            else:
                head, _, last = layer.rpartition(".")
                norm = f"{head}.1" if last == "0" else f"{head}.bn{last[-1]}".lstrip(".")
                own[f"{norm}.bias"] = value
                own[f"{norm}.running_var"] = torch.full_like(value, 1 - 1e-5)
    net.load_state_dict(own)
    return net


def lite0(file):
    net = backbones.NETWORKS["efficientnet-lite0"]()
    state = {backbones.lite0_names(k): v for k, v in torch.load(file, weights_only=True).items()}
    rest = net.load_state_dict(state, strict=False)
    assert not rest.missing_keys, rest.missing_keys
    return net


class Shallow:
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    networks = {"reduced": lambda: trainable.Reduced(2)}

    def __init__(self, teacher):
        self.teacher = folded_resnet18(teacher)
        # What is not looked at need not be computed.
        self.teacher.layer3 = self.teacher.layer4 = torch.nn.Identity()

    def targets(self, x):
        _, one, two = self.teacher(x)[:3]
        return [F.avg_pool2d(one, 2), F.avg_pool2d(two, 2)]

    def given(self, nets, x, _targets):
        return nets["reduced"](x)

    def maps(self, nets, x, targets):
        pairs = zip(targets, nets["reduced"](x))
        summed = sum(upsample(half_squared(t, s)) for t, s in pairs)
        smoothed = np.stack([ndimage.gaussian_filter(m.double().numpy(), 4) for m in summed])
        return smoothed.reshape(len(smoothed), -1).max(1), smoothed


class DeepLite0:
    mean, deviation = (0.498,) * 3, (0.502,) * 3
    networks = {
        "residual": lambda: trainable.Residual([5, 7], 5, 1, False),
        "autoencoder0": lambda: trainable.Autoencoder(112, 28, 1),
        "autoencoder1": lambda: trainable.Autoencoder(320, 80, 1),
    }

    def __init__(self, teacher):
        self.teacher = lite0(teacher)

    def targets(self, x):
        found = self.teacher(x)
        return [found[5], found[7]]

    def given(self, nets, x, targets):
        if "residual" in nets:
            return nets["residual"](x)
        return [nets[f"autoencoder{i}"](t)[0] for i, t in enumerate(targets)]

    def maps(self, nets, x, targets):
        students = nets["residual"](x) + [nets[f"autoencoder{i}"](t)[0] for i, t in enumerate(targets)]
        product = 1
        for teacher, student in zip(targets * 2, students):
            product = product * upsample(1 - F.cosine_similarity(teacher, student)[:, None].clamp(max=1))
        maps = product.double().numpy()
        return maps.reshape(len(maps), -1).max(1), np.stack([ndimage.gaussian_filter(m, 4) for m in maps])


def half_squared(teacher, student):
    """Eq. 1, squared."""
    return ((F.normalize(teacher) - F.normalize(student)) ** 2).sum(1, keepdim=True) / 2


def upsample(x):
    return F.interpolate(x, size=(224, 224), mode="bilinear", align_corners=False)[:, 0]


def loss_of(targets, given):
    return sum(half_squared(t, s).mean() for t, s in zip(targets, given)) / len(targets)


def load_initial(net, initial, node):
    state = net.state_dict()
    for name in state:
        if name.endswith("num_batches_tracked"):
            continue
        value = initial[f"{node}/{name}"]
        state[name] = value.permute(3, 2, 0, 1).contiguous() if value.dim() == 4 else value
    net.load_state_dict(state)
    return net


def fit(task, model, nets, images, targets, rate, most):
    """Adam, reduce on plateau, lowest validation loss kept. Ends after `most` steps, where that is given."""
    parameters = [p for net in nets.values() for p in net.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=rate)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.1, patience=10)
    steps, epochs, best, kept = [], [], float("inf"), None
    batch = task["batch"]

    def at(files):
        return torch.stack([images[f] for f in files]), [torch.stack([targets[f][i] for f in files]) for i in range(2)]

    for order in task["orders"]:
        for net in nets.values():
            net.train()
        first = len(steps)
        for start in range(0, len(order) - batch + 1, batch):
            x, wanted = at([task["train"][i] for i in order[start : start + batch]])
            loss = loss_of(wanted, model.given(nets, x, wanted))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            steps.append(loss.item())
            if len(steps) == most:
                return steps, epochs
        for net in nets.values():
            net.eval()
        with torch.no_grad():
            count, total = len(task["validation"]), 0.0
            for start in range(0, count, batch):
                x, wanted = at(task["validation"][start : start + batch])
                total += loss_of(wanted, model.given(nets, x, wanted)).item() * len(x)
        validation = total / count
        epochs.append({"train": float(np.mean(steps[first:])), "validation": validation})
        schedule.step(validation)
        if validation < best:
            best = validation
            kept = {name: {k: v.clone() for k, v in net.state_dict().items()} for name, net in nets.items()}
    for name, net in nets.items():
        net.load_state_dict(kept[name])
        net.eval()
    return steps, epochs


def aupro(maps, masks, limit=0.3):
    """Mean over regions of the share found, against the false-positive rate, to `limit`, trapezoids, over `limit`."""
    scores = np.concatenate([m.ravel() for m in maps])
    weights, regions = [], 0
    for mask in masks:
        labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
        sizes = np.bincount(labels.ravel(), minlength=count + 1).astype(float)
        sizes[0] = np.inf
        weights.append((1 / sizes)[labels].ravel())
        regions += count
    share = np.concatenate(weights) / regions
    normal = ~np.concatenate([m.ravel() for m in masks])
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)
    rate = np.append(0, np.cumsum(normal[order])[last] / normal.sum())
    overlap = np.append(0, np.cumsum(share[order])[last])
    inside = rate <= limit
    edge = np.interp(limit, rate, overlap)
    return np.trapezoid(np.append(overlap[inside], edge), np.append(rate[inside], limit)) / limit


def prepare(task, model, files, kind):
    """Normalised images and the teacher's features, by file."""
    model.teacher.to(kind).eval()
    mean, deviation = (torch.tensor(v)[:, None, None] for v in (model.mean, model.deviation))
    images = {f: ((pixels(f) - mean) / deviation).to(kind) for f in files}
    targets = {}
    for start in range(0, len(files), 8):
        batch = files[start : start + 8]
        with torch.no_grad():
            layers = model.targets(torch.stack([images[f] for f in batch]))
        targets.update({f: [layer[i] for layer in layers] for i, f in enumerate(batch)})
    return images, targets


def train(task, model, initial, images, targets, rate, most=None):
    """Every fit of the task; losses, and the fitted networks."""
    steps, epochs, fitted = {}, {}, {}
    kind = next(iter(images.values())).dtype
    for one in task["fits"]:
        nets = {name: load_initial(model.networks[name](), initial, node).to(kind) for name, node in one["networks"].items()}
        steps[one["node"]], epochs[one["node"]] = fit(task, model, nets, images, targets, rate, most)
        fitted.update(nets)
    return {"steps": steps, "epochs": epochs, "torch": torch.__version__.split("+")[0]}, fitted


def measure(task, model, fitted):
    scores, maps, masks, labels = [], [], [], []
    for image in task["test"]:
        images, targets = prepare(task, model, [image["file"]], torch.float32)
        with torch.no_grad():
            score, found = model.maps(fitted, images[image["file"]][None], [t[None] for t in targets[image["file"]]])
        scores.append(score[0])
        labels.append(image["anomalous"])
        # Stillroom's maps are float32, and so are ties between them.
        maps.append(found[0].astype(np.float32))
        masks.append(mask_of(image["mask"]) if image["mask"] else np.zeros((224, 224), bool))
    flat = np.concatenate([m.ravel() for m in masks])
    return {
        "imageAuroc": roc_auc_score(labels, scores),
        "pixelAuroc": roc_auc_score(flat, np.concatenate([m.ravel() for m in maps])),
        "aupro": aupro(maps, masks),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("teacher", type=Path)
    arguments = parser.parse_args()
    task = json.loads((arguments.folder / "task.json").read_text())
    initial = load_file(arguments.folder / "initial.safetensors")
    nudged = {k: torch.nextafter(v, torch.full_like(v, torch.inf)) for k, v in initial.items()}
    starts = {"peer": initial, "nudged": nudged}
    model = {"shallow": Shallow, "deep-lite0": DeepLite0}[task["model"]](arguments.teacher)

    batches = [order[i : i + task["batch"]] for order in task["orders"] for i in range(0, len(order) - task["batch"] + 1, task["batch"])]
    first = [task["train"][i] for batch in batches[:FIRST] for i in batch]
    double = prepare(task, model, first, torch.float64)
    outcomes = {"double": train(task, model, initial, *double, task["rate"], FIRST)[0]}

    single = prepare(task, model, task["train"] + task["validation"], torch.float32)
    outcomes["slower"] = [
        {name: train(task, model, start, *single, rate, FIRST)[0] for name, start in starts.items()} for rate in task["slowerRates"]
    ]
    for name, start in starts.items():
        outcome, fitted = train(task, model, start, *single, task["rate"])
        outcomes[name] = {**outcome, "metrics": measure(task, model, fitted)}
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
