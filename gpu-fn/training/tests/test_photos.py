"""Photos as data: shards that data.py reads, a parser's areas, and one clear line on wrong inputs."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from conftest import REGIONS, TRAINING, write_split
from hand_made import BROW, CHIN, X, landmarks
from onnx import TensorProto, helper, numpy_helper

from photos import build
from photos.face import Face
from photos.masks import hairline_of, masks_of
from photos.parser import FaceParser, areas, labels_of
from photos.portrait import Portrait, Skipped, prompts_for
from photos.shards import describe, finished, list_skipped, write_shard

LABELS = {"classes": {"background": [], "skin": ["skin"], "hair": ["hair"]}, "mean": [0, 0, 0], "std": [1, 1, 1]}


def portrait(number: int, size: int = 40, side: int = 16) -> Portrait:
    drawn = np.random.default_rng(number)
    return Portrait(drawn.integers(0, 256, (size, size, 3), np.uint8),
                    drawn.integers(0, 256, (len(REGIONS), side, side), np.uint8), {"file": f"{number}.jpg"})


def test_trainers_read_what_the_builder_writes(scratch):
    from data import Split
    folder, found = scratch / "data/train", [portrait(i) for i in range(5)]
    describe(folder, {"size": 40, "mask_size": 16})
    write_shard(folder, 0, found[:3])
    write_shard(folder, 1, [Skipped("x.jpg", "no face was found")])
    write_shard(folder, 2, found[3:])
    data = Split("train")
    assert [row["file"] for row in data.rows] == [f"{i}.jpg" for i in range(5)]
    assert (data.images(np.arange(5)).numpy() == np.stack([p.image for p in found])).all()
    assert (data.masks(np.arange(5)).numpy() == np.stack([p.masks for p in found])).all()


def test_a_shard_is_finished_once_its_lines_exist(tmp_path):
    assert not finished(tmp_path, 0)
    write_shard(tmp_path, 0, [portrait(0)])
    assert finished(tmp_path, 0)
    assert not list(tmp_path.glob("*.part"))


def test_skipped_photos_are_listed_once_with_their_reason(tmp_path):
    list_skipped(tmp_path, 0, [Skipped("a.jpg", "no face was found")])
    list_skipped(tmp_path, 1, [Skipped("b.jpg", "cannot be read")])
    list_skipped(tmp_path, 0, [Skipped("a.jpg", "no face was found")])
    lines = [json.loads(line) for line in (tmp_path / "skipped.jsonl").read_text().splitlines()]
    assert sorted((line["file"], line["reason"]) for line in lines) == [("a.jpg", "no face was found"), ("b.jpg", "cannot be read")]


def test_a_folder_of_another_dataset_is_refused(tmp_path):
    describe(tmp_path, {"size": 128})
    describe(tmp_path, {"size": 128})
    with pytest.raises(ValueError, match="belongs to another dataset"):
        describe(tmp_path, {"size": 256})


def test_each_mask_has_one_of_its_texts_and_always_the_same():
    texts = {region: [f"{region} {i}" for i in range(9)] for region in REGIONS}
    one, again = prompts_for("a/b.png", texts), prompts_for("a/b.png", texts)
    assert one == again and list(one) == REGIONS
    assert all(text in texts[region] for region, text in one.items())
    assert prompts_for("a/c.png", texts) != one


def bands() -> dict[str, np.ndarray]:
    """A parser's answer: hair down to the hairline at 0.22, skin from there on."""
    y = (np.arange(256) + 0.5) / 256
    return {"hair": np.repeat((y < 0.22)[:, None], 256, 1), "skin": np.repeat((y >= 0.22)[:, None], 256, 1)}


def test_a_parser_shows_the_hairline():
    assert hairline_of(bands()["hair"], Face(landmarks())) == pytest.approx(BROW - 0.22, abs=0.01)


@pytest.mark.parametrize("row", [0.02, BROW - 0.02])
def test_a_fringe_and_a_bald_head_have_no_hairline(row: float):
    hair = np.zeros((256, 256), bool)
    hair[: int(row * 256)] = True
    assert hairline_of(hair, Face(landmarks())) is None


def test_a_parsers_area_replaces_the_estimate():
    masks, estimated = masks_of(landmarks(), REGIONS, 32, bands())
    hair, skin = masks[REGIONS.index("hair")], masks[REGIONS.index("skin")]
    assert estimated == []
    assert (hair[:7] == 255).all() and (hair[8:] == 0).all()
    assert (skin[8:] == 255).all() and (skin[:7] == 0).all()
    assert masks[REGIONS.index("hairline")][int(0.22 * 32), 16] == 255


def test_a_parsers_area_is_added_elsewhere_and_an_empty_one_changes_nothing():
    glasses = np.zeros((64, 64), bool)
    glasses[:8, :8] = True
    masks, estimated = masks_of(landmarks(), REGIONS, 32, {"eyeglasses": glasses, "hair": np.zeros((64, 64), bool)})
    before, marked = masks_of(landmarks(), REGIONS, 32)
    index = REGIONS.index("eyeglasses")
    assert (masks[index][:4, :4] == 255).all() and (masks[index] >= before[index]).all()
    assert (np.delete(masks, index, 0) == np.delete(before, index, 0)).all() and estimated == marked


def parser(path: Path, classes: int) -> Path:
    """An ONNX that takes a pixel's red, green and blue for the logits of background, skin and hair."""
    weights = np.eye(classes, 3, dtype=np.float32)[..., None, None]
    shape = [1, None, 64, 64]
    graph = helper.make_graph(
        [helper.make_node("Conv", ["image", "weights"], ["logits"])], "parser",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, *shape[2:]])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, classes, *shape[2:]])],
        [numpy_helper.from_array(weights, "weights")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), path)
    return path


def test_a_parser_is_run_on_the_crop(tmp_path):
    image = np.zeros((64, 64, 3), np.uint8)
    image[..., 0], image[20:, :, 1], image[:10, :, 2] = 100, 200, 200
    found = FaceParser(parser(tmp_path / "p.onnx", 3), LABELS).parse(image)
    assert found["hair"][:10].all() and not found["hair"][10:].any()
    assert found["skin"][20:].all() and not found["skin"][:20].any()


def test_a_parser_with_other_classes_is_refused(tmp_path):
    with pytest.raises(ValueError, match="but the labels name 3 classes"):
        FaceParser(parser(tmp_path / "p.onnx", 5), LABELS)


def test_a_region_is_the_union_of_its_classes():
    logits = np.eye(3)[[[0, 1, 2]]].transpose(2, 0, 1)
    assert areas(logits, {"a": ["skin"], "b": [], "c": ["skin", "nose"]})["skin"].tolist() == [[True, False, True]]


def test_the_shipped_labels_name_regions(tmp_path):
    found = labels_of(TRAINING / "photos/celebamask.json", REGIONS)
    assert len(found["classes"]) == 19 and found["classes"]["hair"] == ["hair"]
    other = tmp_path / "labels.json"
    other.write_text('{"classes": {"tail": ["tail"]}}')
    with pytest.raises(ValueError, match="unknown region tail"):
        labels_of(other, REGIONS)


def error_of(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> str:
    monkeypatch.setattr(sys, "argv", ["build", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        build.main()
    return str(ended.value)


def test_invalid_inputs_give_one_clear_line(tmp_path, monkeypatch, scratch):
    monkeypatch.setattr(build, "SCRATCH", scratch)
    out = ("--out", tmp_path / "out")
    empty, photos = tmp_path / "empty", tmp_path / "photos"
    empty.mkdir()
    photos.mkdir()
    (photos / "a.png").write_bytes(b"no picture")
    assert error_of(monkeypatch, tmp_path / "nowhere", *out) == f"{tmp_path / 'nowhere'} is not a folder"
    assert "has 0 photos" in error_of(monkeypatch, empty, *out)
    assert "belong together" in error_of(monkeypatch, photos, *out, "--parser", "x.onnx")
    assert error_of(monkeypatch, photos, *out, "--workers", 0) == "--workers must be at least 1"
    (scratch / "wordings.json").unlink()
    assert "wordings.json is missing" in error_of(monkeypatch, photos, *out)
    assert not (tmp_path / "out").exists()


def test_a_contact_sheet_shows_the_first_portraits(tmp_path):
    from PIL import Image
    from photos.sheet import COLUMNS, TILE, write_sheet
    write_split(tmp_path, 2, 32, 8)
    for path in tmp_path.glob("*.jsonl"):
        rows = [json.loads(line) | {"estimated": ["hair"]} for line in path.read_text().splitlines()]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    write_sheet(tmp_path, tmp_path / "sheet.png")
    assert Image.open(tmp_path / "sheet.png").size == (COLUMNS * TILE, 2 * 3 * TILE)
