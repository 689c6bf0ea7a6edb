"""The pack: parity, digests, file sizes, and only operators that are fast on a CPU."""

import json

import pytest
import torch

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from lumiere_training import onnx_files
from lumiere_training.export import export_pack
from lumiere_training.model import build_model
from lumiere_training.settings import Settings
from lumiere_training.tokenizer import Tokenizer
from lumiere_training.trainer import load_averaged


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    out = tmp_path_factory.mktemp("pack")
    torch.manual_seed(0)
    model = build_model("tiny")
    with torch.no_grad():  # fresh heads are near zero: give parity something to measure
        model.unet.head.weight.mul_(10)
    return out, export_pack(model, Settings(variant="tiny"), Tokenizer().pieces, out, "tiny", frames=8, size=32, seconds=2.5)


@pytest.mark.filterwarnings("ignore")
def test_parity_and_manifest(pack):
    out, data = pack
    assert data == json.loads((out / "lumiere-pack.json").read_text())
    assert max(data["training"]["parity"].values()) < 1e-3
    unet = data["components"]["unet"]
    assert {i["name"]: (i["dtype"], i["shape"]) for i in unet["inputs"]} == {
        "sample": ("float32", [1, 8, 7, 32, 32]),
        "timestep": ("float32", [1]),
        "seconds": ("float32", [1]),
        "text": ("float32", [1, 32, 32]),
        "text_mask": ("float32", [1, 32]),
    }
    assert unet["outputs"] == [{"name": "velocity", "dtype": "float32", "shape": [1, 8, 3, 32, 32]}]
    assert data["components"]["textEncoder"]["inputs"][0]["dtype"] == "int64"


def test_every_file_has_its_digest_and_size(pack):
    out, data = pack
    for component in [*data["components"].values(), data["vocabulary"]]:
        for entry in [component, *component.get("externalData", [])]:
            path = out / entry["file"]
            assert onnx_files.sha256(path) == entry["sha256"]
            assert path.stat().st_size == entry["bytes"] <= 16 * 1024 * 1024
    assert (out / "MODEL_CARD.md").read_text().count("Untrained") == 1


def test_weights_split_over_several_files(pack, tmp_path, monkeypatch):
    import onnx

    monkeypatch.setattr(onnx_files, "PART_BYTES", 60_000)
    out, _ = pack
    whole = tmp_path / "whole.onnx"
    model = onnx.load(str(out / "unet.onnx"))
    for tensor in model.graph.initializer:  # as the exporter gives it: inline float32
        if tensor.data_type == onnx.TensorProto.FLOAT16:
            values = onnx.numpy_helper.to_array(tensor).astype("float32")
            tensor.CopyFrom(onnx.numpy_helper.from_array(values, tensor.name.removesuffix(".half")))
    kept = [node for node in model.graph.node if not node.name.startswith("cast/")]
    del model.graph.node[:]
    model.graph.node.extend(kept)
    onnx.save(model, str(whole))
    parts = onnx_files.store_half(whole, tmp_path / "unet.onnx")
    assert len(parts) > 2 and all(part.stat().st_size <= 60_000 for part in parts)
    onnx.checker.check_model(str(tmp_path / "unet.onnx"))


def test_only_fast_operators(pack):
    import onnx

    out, _ = pack
    found = onnx_files.operators(out / "unet.onnx")
    assert "GroupNormalization" not in found and "ConvTranspose" not in found and found["InstanceNormalization"] > 10
    graph = onnx.load(str(out / "unet.onnx"), load_external_data=False).graph
    shapes = {tensor.name.removesuffix(".half"): list(tensor.dims) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Conv":
            assert len(shapes[node.input[1]]) == 4, "a convolution over 1 or 3 dimensions"
    doubles = [t.name for t in graph.initializer if t.data_type == onnx.TensorProto.DOUBLE]
    assert not doubles


def test_the_card_says_what_it_was_told_and_the_shift_is_the_one_asked_for(tmp_path):
    trained = {"steps": 7, "minutes": 0.5, "settings": Settings(variant="tiny").to_json(), "computer": "one card"}
    options = dict(frames=8, size=32, seconds=2.5, trained=trained, shift=8.0, limits=["Knows nothing yet."])
    export_pack(build_model("tiny"), Settings(variant="tiny"), Tokenizer().pieces, tmp_path, "tiny", **options)
    assert json.loads((tmp_path / "lumiere-pack.json").read_text())["scheduler"]["shift"] == 8.0
    card = (tmp_path / "MODEL_CARD.md").read_text()
    assert "- Knows nothing yet." in card and "7 steps, 0.5 minutes on one card." in card


def test_a_pack_is_a_checkpoint_to_go_on_from(tmp_path):
    torch.manual_seed(1)
    model, settings = build_model("tiny"), Settings(variant="tiny")
    with torch.no_grad():  # as after training: the exporter would merge equal tensors
        for parameter in model.parameters():
            parameter.add_(0.01 * torch.randn_like(parameter))
    trained = {"steps": 7, "minutes": 0.5, "settings": settings.to_json()}
    export_pack(model, settings, Tokenizer().pieces, tmp_path, "tiny", frames=8, size=32, seconds=2.5, trained=trained)
    loaded, read, state = load_averaged(tmp_path)
    assert read == settings and state["step"] == 7 and state["elapsed"] == 30
    values = dict(loaded.named_parameters())
    assert len(values) == len(list(model.parameters()))
    for name, value in model.named_parameters():  # export rounded it to what the files hold
        assert torch.equal(values[name], value.detach()), name


def test_a_pack_runs_as_the_model_it_holds(pack):
    from lumiere_training.flow_matching import generate
    from lumiere_training.packs import PackNetwork

    out, _ = pack
    torch.manual_seed(0)
    model = build_model("tiny")
    with torch.no_grad():
        model.unet.head.weight.mul_(10)
        for parameter in model.parameters():
            if parameter.numel() >= 256:
                parameter.copy_(parameter.half().float())
    tokens = Tokenizer().batch(["a red ball", "snow"])
    empty = Tokenizer().batch([""])
    made = [generate(network, tokens, empty, (2, 8, 3, 32, 32), 2.5, steps=2, seed=3) for network in (PackNetwork(out), model.eval())]
    assert (made[0] - made[1]).abs().max() < 1e-3
