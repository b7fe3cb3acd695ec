"""A small random EfficientNet-Lite by the reference classes, with golden outputs: tests without any download.

Seven blocks, ten classes; expansion 1 and 6, kernels 3 and 5, strides 1 and 2, with and without a skip connection,
and random batch-normalisation statistics (epsilon 1e-3). Written into the given folder:
`zip.pth`: the state dict;
`outputs.safetensors`: input.32x32 [2, 3, 32, 32] and input.35x29 [1, 3, 35, 29] (odd sides: padding is uneven), and
for each pooled.HxW [N, 320] and logits.HxW [N, 10].
The configuration is what `BLOCKS` says, in the reference's notation: r repeats, k kernel, s strides, e expansion, i
and o channels times 4 (the width coefficient is 0.25, so the stem has 8 channels and the head 320).

Needs: torch 2.13.0 (CPU), safetensors 0.8.0, and on PYTHONPATH the unpacked wheel efficientnet-lite-pytorch 0.1.0.
Run:   python tiny_efficientnet.py --output ../models/tiny-efficientnet
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file

from efficientnet_lite_pytorch import EfficientNet
from efficientnet_lite_pytorch.utils import BlockDecoder, GlobalParams

# The reference gives the first block of a stage its stride as a list, and so no skip, even where the shape allows one; the
# stages here, like those of the real networks, change the width there.
BLOCKS = [
    "r2_k3_s11_e1_i32_o64",  # 8 -> 16, no expansion; then 16 -> 16 with a skip
    "r2_k3_s22_e6_i64_o96",  # 16 -> 24 at half the size, then 24 -> 24 with a skip
    "r2_k5_s22_e6_i96_o64",  # 24 -> 16 at half the size, then 16 -> 16 with a skip
    "r1_k5_s11_e6_i64_o96",  # 16 -> 24, no skip
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="the folder to write")
    arguments = parser.parse_args()
    parameters = GlobalParams(
        width_coefficient=0.25, depth_coefficient=1.0, image_size=None, dropout_rate=0.2, num_classes=10,
        batch_norm_momentum=0.99, batch_norm_epsilon=1e-3, drop_connect_rate=0.2, depth_divisor=8, relu_fn="relu6",
        fix_head_stem=False, local_pooling=False, use_se=False)
    network = EfficientNet(BlockDecoder.decode(BLOCKS), parameters).eval()
    generator = torch.Generator().manual_seed(7)
    state = network.state_dict()
    for name, value in state.items():
        noise = torch.randn(value.shape, generator=generator)
        if name.endswith("num_batches_tracked"):
            state[name] = torch.tensor(1000)
        elif name.endswith("running_var"):
            state[name] = 0.5 + torch.rand(value.shape, generator=generator)
        elif name.endswith("running_mean"):
            state[name] = 0.3 * noise
        elif value.dim() == 1 and name.endswith("weight"):
            state[name] = 1 + 0.3 * noise
        elif value.dim() == 1:
            state[name] = 0.5 * noise
        else:
            fan_in = value[0].numel()
            state[name] = noise * (2 / fan_in) ** 0.5
    network.load_state_dict(state)
    outputs = {}
    for shape in ((2, 3, 32, 32), (1, 3, 35, 29)):
        size = f"{shape[2]}x{shape[3]}"
        inputs = torch.rand(shape, generator=generator) * 2 - 1
        with torch.inference_mode():
            pooled = network.extract_features(inputs).mean((2, 3))
            outputs[f"input.{size}"] = inputs
            outputs[f"pooled.{size}"] = pooled
            outputs[f"logits.{size}"] = network._fc(pooled)
            torch.testing.assert_close(outputs[f"logits.{size}"], network(inputs))
        print(size, "logits", outputs[f"logits.{size}"][0].tolist())
    arguments.output.mkdir(parents=True, exist_ok=True)
    torch.save(state, arguments.output / "zip.pth")
    save_file({name: value.contiguous() for name, value in outputs.items()}, arguments.output / "outputs.safetensors")


if __name__ == "__main__":
    main()
