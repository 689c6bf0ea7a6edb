"""The network in whole numbers: what is written, that it is nearly the same, and that it is not shipped where it is not."""

import json

import pytest
import torch

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from lumiere_training import onnx_files
from lumiere_training.export import export_pack
from lumiere_training.model import build_model
from lumiere_training.packs import PackNetwork
from lumiere_training.quantise import EXACT, pass_inputs, quantise_pack
from lumiere_training.settings import Settings
from lumiere_training.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    out = tmp_path_factory.mktemp("pack")
    torch.manual_seed(0)
    model = build_model("tiny")
    with torch.no_grad():
        model.unet.head.weight.mul_(10)
    export_pack(model, Settings(variant="tiny"), Tokenizer().pieces, out, "tiny", frames=8, size=32, seconds=2.5)
    return out, quantise_pack(out, "0.2.0", count=4)


@pytest.mark.filterwarnings("ignore")
def test_the_pack_gains_a_graph_with_convolutions_in_whole_numbers(pack):
    out, data = pack
    assert data == json.loads((out / "lumiere-pack.json").read_text()) and data["version"] == "0.2.0"
    card = (out / "MODEL_CARD.md").read_text()
    assert "(tiny 0.2.0)" in card and card.count("whole numbers: a pass differs by") == 1
    whole, exact = (data["components"][name] for name in ("processorUnet", "unet"))
    assert whole["inputs"] == exact["inputs"] and whole["outputs"] == exact["outputs"]
    for entry in [whole, *whole["externalData"]]:
        assert onnx_files.sha256(out / entry["file"]) == entry["sha256"]
    graph = onnx.load(str(out / whole["file"])).graph
    weights = {tensor.name: tensor.data_type for tensor in graph.initializer}
    scaled = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "DequantizeLinear"}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    in_whole = {node.name for node in convolutions if weights.get(scaled.get(node.input[1], "")) == onnx.TensorProto.INT8}
    exact = {node.name for node in convolutions} - in_whole
    assert len(in_whole) > 10 and {"/stem/Conv", "/head/Conv", "/smooth/Conv"} < exact
    assert all(EXACT.fullmatch(name) for name in exact)
    assert not any(EXACT.fullmatch(name) for name in in_whole)


@pytest.mark.filterwarnings("ignore")
def test_it_is_what_a_processor_runs_and_nearly_the_same(pack):
    out, data = pack
    assert 0 < data["training"]["processorDifference"] < 0.02
    row = [torch.from_numpy(value) for value in pass_inputs(out, 4, 5)[0].values()]
    whole, exact = (PackNetwork(out, 1, processor=choice).unet(*row) for choice in (True, False))
    assert 0 < (whole - exact).norm() / exact.norm() < 0.04


@pytest.mark.filterwarnings("ignore")
def test_a_pack_that_changes_too_much_keeps_its_manifest(pack):
    out, _ = pack
    before = (out / "lumiere-pack.json").read_text()
    with pytest.raises(RuntimeError, match="whole numbers change a pass"):
        quantise_pack(out, "0.9.0", count=4, most=1e-6)
    assert (out / "lumiere-pack.json").read_text() == before


@pytest.mark.filterwarnings("ignore")
def test_an_upscaler_differs_by_less_than_a_level(pack, tmp_path):
    from lumiere_training.upscale import export, quantise
    from lumiere_training.upscale.evaluate import Pack

    world, _ = pack
    torch.manual_seed(0)
    network = export.random_network("tiny")
    export.export_pack(network, "tiny", tmp_path, "tiny-upscale")
    data = quantise.quantise_pack(tmp_path, world, "0.2.0", count=4)
    assert data == json.loads((tmp_path / "lumiere-pack.json").read_text())
    assert data["training"]["processorDifference"] < quantise.MOST
    graph = onnx.load(str(tmp_path / data["components"]["processorBy2"]["file"])).graph
    assert onnx.TensorProto.INT8 in {tensor.data_type for tensor in graph.initializer}
    picture = quantise.small_pictures(world, 2, 3, 1)[:1]
    whole = Pack(tmp_path, 1)(picture, 2)
    del data["components"]["processorBy2"]
    (tmp_path / "lumiere-pack.json").write_text(json.dumps(data))
    assert 0 < (whole - Pack(tmp_path, 1)(picture, 2)).abs().max() < 0.01
