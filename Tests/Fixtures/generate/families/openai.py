"""OpenAI's first layouts: `openai-pt`, a TorchScript archive in half precision, and `openai-rn`, the residual network.

`openai-pt/ViT-tiny.pt` has no configuration beside it: everything follows from its tensors, and a head is 64 wide, so
both towers are 64 wide with one head. Like OpenAI's files it is a traced module whose `state_dict` holds the scalars
`input_resolution`, `context_length` and `vocab_size`, with matrices in float16 and norms and embeddings in float32.
`openai-rn` is open_clip's layout of the same family with a residual network: width 4, blocks 1, 2, 1, 1, 64 pixels,
batch normalisation in float32. Its pixels are stored as float16 numbers, for size.

Needs: torch 2.15.0 (CPU), open_clip_torch 3.3.0, safetensors 0.8.0.
Run:   python openai.py
"""

import re
import warnings
from pathlib import Path

import torch
from open_clip.model import CLIP, build_model_from_openai_state_dict, convert_weights_to_lp

from common import check_sensitivity, draw, fresh, pixels, random_ids, write_reference
from openclip import CLIP_PREPROCESSING, build, verify, write_model


def without_origin(source: Path, target: Path) -> None:
    """Moves an archive record by record, but for where on this machine it was traced and with which inputs."""
    reader, writer = torch._C.PyTorchFileReader(str(source)), torch._C.PyTorchFileWriter(str(target))
    # The writer adds the last three itself.
    dropped = re.compile(r".*\.debug_pkl|traced_inputs.*|version|byteorder|\.data/serialization_id")
    for record in reader.get_all_records():
        if not dropped.fullmatch(record):
            content = reader.get_record(record)
            writer.write_record(record, content, len(content))
    writer.write_end_of_file()
    source.unlink()


def archive() -> None:
    """Writes `openai-pt`."""
    configuration = {
        "embed_dim": 16, "quick_gelu": True,
        "vision_cfg": {"image_size": 24, "layers": 1, "width": 64, "patch_size": 8},
        "text_cfg": {"context_length": 12, "vocab_size": 64, "width": 64, "heads": 1, "layers": 1}}
    half = CLIP(**configuration, cast_dtype=torch.float16).eval()
    draw(half, seed=411)
    convert_weights_to_lp(half, torch.float16)
    for name, value in (("input_resolution", 24), ("context_length", 12), ("vocab_size", 64)):
        if hasattr(half, name):
            delattr(half, name)
        half.register_buffer(name, torch.tensor(value))
    # A constant of the code, not a part of the state.
    mask = half._buffers.pop("attn_mask")
    half.attn_mask = mask
    images = pixels(24, seed=402)
    ids, lengths = random_ids((4, 9, 12), 12, 1, start=62, end=63, pad=0, seed=412)
    folder = fresh("openai-pt")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace_module(half, {
            "forward": (images.half(), ids), "encode_image": (images.half(),), "encode_text": (ids,)})
        torch.jit.save(traced, str(folder / "traced.pt"))
        without_origin(folder / "traced.pt", folder / "ViT-tiny.pt")
        state = torch.jit.load(str(folder / "ViT-tiny.pt"), map_location="cpu").state_dict()
    assert state["visual.conv1.weight"].dtype == torch.float16 and state["ln_final.weight"].dtype == torch.float32
    assert {"input_resolution", "context_length", "vocab_size"} <= set(state)
    model = build_model_from_openai_state_dict(dict(state), cast_dtype=torch.float16).float().eval()

    def outputs():
        with torch.inference_mode():
            image, text, scale = model(images, ids)
            return {"image_features": model.encode_image(images), "text_features": model.encode_text(ids),
                    "logits_per_image": scale * image @ text.T}

    check_sensitivity(model, outputs)
    write_reference(folder, pixels=images, ids=ids, ids_length=lengths, **outputs())


def residual() -> None:
    """Writes `openai-rn`."""
    configuration = {
        "embed_dim": 16, "quick_gelu": True,
        "vision_cfg": {"image_size": 64, "layers": [1, 2, 1, 1], "width": 4, "patch_size": None},
        "text_cfg": {"context_length": 12, "vocab_size": 64, "width": 16, "heads": 2, "layers": 2, "mlp_ratio": 2.0}}
    model = build(configuration)
    draw(model, seed=431)
    in_norm = {f"{path}.{name}" for path, module in model.named_modules() if isinstance(module, torch.nn.BatchNorm2d)
               for name, _ in [*module.named_parameters(), *module.named_buffers()]}
    keep = in_norm.__contains__
    ids, lengths = random_ids((4, 9, 12), 12, 1, start=62, end=63, pad=0, seed=422)
    folder = write_model("openai-rn", model, configuration, CLIP_PREPROCESSING, ids, keep=keep, half_pixels=True,
                         inert=lambda name: name.endswith("attnpool.k_proj.bias"), ids_length=lengths)
    with torch.inference_mode():
        images = pixels(64, seed=202).half().float()
        verify(folder, ids, images, model.encode_image(images), model.encode_text(ids))


def main() -> None:
    archive()
    residual()


if __name__ == "__main__":
    main()
