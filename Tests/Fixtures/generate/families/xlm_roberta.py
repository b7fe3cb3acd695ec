"""A CLIP of open_clip whose text tower is XLM-RoBERTa, `openclip-xlmr`, with that model's tokenizer.

Text width 64 (heads are 64 wide in every published XLM-RoBERTa, so one), two layers, 40 positions of which a text may
use 38, context 32; mean over the tokens, a projection of two layers. Vision width 16, 24 pixels in patches of 8. The
configuration names `xlm-roberta-base` as published ones do: the sizes of the text tower follow from its tensors.

Needs: torch 2.15.0 (CPU), open_clip_torch 3.3.0, transformers 5.23.0, sentencepiece 0.2.3, tokenizers 0.23.3.
Run:   python xlm_roberta.py
"""

import tempfile

import sentencepiece
import torch
from open_clip.tokenizer import HFTokenizer
from safetensors.torch import load_file, save_file
from transformers import XLMRobertaConfig

from common import TEXTS, draw, fresh, write_json
from openclip import CLIP_PREPROCESSING, build, write_model
from sentencepieces import train, xlm_roberta_json

CONTEXT = 32
XLM_TEXTS = (TEXTS[0], "Two dogs  run: the ﬁsh isn’t ½ 水 blue", TEXTS[2])


def main() -> None:
    folder = fresh("openclip-xlmr")
    proto = train(folder / "sentencepiece.bpe.model", 120, lower=False, unk_id=0, bos_id=1, eos_id=2, pad_id=-1)
    tokenizer = xlm_roberta_json(proto)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    token = {"lstrip": True, "normalized": True, "rstrip": False, "single_word": False}
    names = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "sep_token": "</s>",
             "unk_token": "<unk>"}
    write_json(folder / "special_tokens_map.json", {**names, "mask_token": {"content": "<mask>", **token}})
    write_json(folder / "tokenizer_config.json", {
        **names, "mask_token": {"__type": "AddedToken", "content": "<mask>", **token}, "model_max_length": 512,
        "tokenizer_class": "XLMRobertaTokenizer"})
    ids = HFTokenizer(str(folder), context_length=CONTEXT)(list(XLM_TEXTS))
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.bpe.model"))
    for text, row in zip(XLM_TEXTS, ids.tolist()):
        expected = [0, *(3 if piece == 0 else piece + 1 for piece in pieces.encode(text))][: CONTEXT - 1] + [2]
        assert row == expected + [1] * (CONTEXT - len(expected)), (text, row, expected)
    lengths = (ids != 1).sum(-1)
    assert lengths.max() == CONTEXT and lengths.min() < CONTEXT
    files = {path.name: path.read_bytes() for path in folder.iterdir()}

    configuration = {
        "embed_dim": 16, "vision_cfg": {
            "image_size": 24, "layers": 2, "width": 16, "head_width": 8, "patch_size": 8, "mlp_ratio": 2.0},
        "text_cfg": {
            "context_length": CONTEXT, "hf_model_name": "xlm-roberta-base", "hf_tokenizer_name": "xlm-roberta-base",
            "hf_pooler_type": "mean_pooler"}}
    text = XLMRobertaConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=64, num_hidden_layers=2, num_attention_heads=1,
        intermediate_size=32, max_position_embeddings=40, type_vocab_size=1, layer_norm_eps=1e-5)
    with tempfile.TemporaryDirectory() as temporary:
        text.save_pretrained(temporary)
        local = {"hf_model_name": temporary, "hf_model_pretrained": False}
        model = build({**configuration, "text_cfg": {**configuration["text_cfg"], **local}, "custom_text": True})
    draw(model, seed=711)
    # Of a key's bias nothing is left after the softmax.
    write_model("openclip-xlmr", model, configuration, CLIP_PREPROCESSING, ids, XLM_TEXTS,
                inert=lambda name: name.endswith("attention.self.key.bias"), ids_length=lengths)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    # Published files also hold the position numbers.
    path = folder / "open_clip_model.safetensors"
    save_file(load_file(path) | {"text.transformer.embeddings.position_ids": torch.arange(40)[None]}, path)


if __name__ == "__main__":
    main()
