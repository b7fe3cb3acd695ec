"""open_clip on PyTorch, with the weights of a Hugging Face checkpoint.

Needs: requirements-full.txt.
"""

from pathlib import Path

import numpy as np
import open_clip
import torch
from safetensors.torch import load_file

from families import Inputs
from runtimes import Run

# Parts of open_clip's keys by those of transformers.
TOWERS = {"vision_model.": "visual.", "text_model.": ""}
RENAMED = {
    "embeddings.class_embedding": "class_embedding", "embeddings.patch_embedding.": "conv1.",
    "embeddings.token_embedding.": "token_embedding.", "embeddings.position_embedding.weight": "positional_embedding",
    "pre_layrnorm.": "ln_pre.", "post_layernorm.": "ln_post.", "final_layer_norm.": "ln_final.",
    "encoder.layers.": "transformer.resblocks.",
}
RENAMED_IN_LAYER = {"layer_norm1.": "ln_1.", "layer_norm2.": "ln_2.", "mlp.fc1.": "mlp.c_fc.", "mlp.fc2.": "mlp.c_proj.",
                    "self_attn.out_proj.": "attn.out_proj."}


def state_dict(checkpoint: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights under open_clip's names: queries, keys and values are one matrix, projections are transposed."""
    state = {"logit_scale": checkpoint["logit_scale"].reshape(()),
             "text_projection": checkpoint["text_projection.weight"].T,
             "visual.proj": checkpoint["visual_projection.weight"].T}
    for key, value in checkpoint.items():
        tower = next((tower for tower in TOWERS if key.startswith(tower)), None)
        if tower is None or "k_proj" in key or "v_proj" in key:
            continue
        if "q_proj" in key:
            value = torch.cat([checkpoint[key.replace("q_proj", part)] for part in ("q_proj", "k_proj", "v_proj")])
            key = key.replace("self_attn.q_proj.", "attn.in_proj_")
        name = key.removeprefix(tower)
        for old, new in (RENAMED | RENAMED_IN_LAYER).items():
            name = name.replace(old, new)
        state[TOWERS[tower] + name] = value
    return state


class OpenClip:
    """ViT-B/32 with QuickGELU."""

    def __init__(self, threads: int) -> None:
        torch.set_num_threads(threads)
        self.name = f"open_clip {open_clip.__version__}, PyTorch {torch.__version__}"
        self.tokenizer = open_clip.get_tokenizer("ViT-B-32")
        self.models: dict[Path, torch.nn.Module] = {}

    def model(self, folder: Path) -> torch.nn.Module:
        """A model, loaded at its first use."""
        if folder not in self.models:
            model = open_clip.create_model("ViT-B-32", force_quick_gelu=True, load_weights=False)
            model.load_state_dict(state_dict(load_file(folder / "model.safetensors")))
            self.models[folder] = model.eval()
        return self.models[folder]

    def load(self, network: Path, inputs: Inputs) -> Run:
        """One of the towers, as the inputs say."""
        model = self.model(network)
        (name, value), = inputs.items()
        tensor = torch.from_numpy(value)
        encode = model.encode_image if name == "pixels" else model.encode_text

        def run() -> list[np.ndarray]:
            with torch.inference_mode():
                return [encode(tensor).numpy()]

        return run

    def load_head(self, network: Path, names: list[str], templates: list[str]) -> Run:
        """open_clip's own builder of a zero-shot head: [names, D]."""
        model = self.model(network)
        formats = [template.format for template in templates]

        def run() -> list[np.ndarray]:
            return [open_clip.build_zero_shot_classifier(model, self.tokenizer, names, formats).T.numpy()]

        return run
