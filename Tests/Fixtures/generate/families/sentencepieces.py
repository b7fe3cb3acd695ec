"""Tiny SentencePiece tokenizers, trained on a few sentences, in the files that repositories ship.

A real rule table of characters would be 240 kB, so the models carry one of nine rules (`RULES`), compiled as
SentencePiece compiles its own: ligatures and full-width letters, typographic quotes, odd spaces.

Needs: sentencepiece 0.2.3, tokenizers 0.23.3, transformers 5.23.0 (its protocol buffers), protobuf.
"""

import string
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers.utils.sentencepiece_model_pb2_new import ModelProto

from common import CORPUS

RULES = {
    "ﬁ": "fi", "ﬀ": "ff", "Ａ": "A", "ａ": "a", "’": "'", "\u3000": " ", "\u00a0": " ", "\t": " ", "½": "1/2"}


def train(path: Path, size: int, lower: bool, **special: int) -> ModelProto:
    """Trains a Unigram model of at most `size` pieces with the given ids of special pieces and writes it to `path`."""
    rules = path.with_suffix(".tsv")
    rules.write_text("".join(
        f"{' '.join(f'{ord(c):X}' for c in source)}\t{' '.join(f'{ord(c):X}' for c in target)}\n"
        for source, target in RULES.items()), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text.lower() if lower else text for text in CORPUS),
        model_prefix=str(path.with_suffix("")), model_type="unigram", vocab_size=size, hard_vocab_limit=False,
        character_coverage=1.0, num_threads=1, normalization_rule_tsv=str(rules), minloglevel=2, **special)
    rules.unlink()
    path.with_suffix(".vocab").unlink()
    path.with_suffix(".model").rename(path)
    proto = ModelProto()
    proto.ParseFromString(path.read_bytes())
    # Where it was trained is of no interest, and changes.
    proto.trainer_spec.ClearField("model_prefix")
    proto.trainer_spec.ClearField("input")
    proto.normalizer_spec.ClearField("normalization_rule_tsv")
    path.write_bytes(proto.SerializeToString())
    return proto


def siglip_json(proto: ModelProto) -> Tokenizer:
    """SigLIP's: lower case, no punctuation, single spaces, then the model's rules and a space before the text."""
    tokenizer = Tokenizer(models.Unigram([(p.piece, p.score) for p in proto.pieces], unk_id=2, byte_fallback=False))
    punctuation = "[" + "".join("\\" + character for character in string.punctuation) + "]"
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Lowercase(), normalizers.Replace(Regex(punctuation), ""), normalizers.Replace(Regex(r"\s+"), " "),
        normalizers.Strip(), normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap),
        normalizers.Replace(Regex(" {2,}"), " "),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(single=["$A", "</s>"], special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens([
        AddedToken(token, normalized=False, special=True, lstrip=token != "<pad>", rstrip=token != "<pad>")
        for token in ("<pad>", "</s>", "<unk>")])
    return tokenizer


def t5_json(proto: ModelProto) -> Tokenizer:
    """T5's, which open_clip ships for SigLIP: the model's rules only, words apart before the model."""
    tokenizer = Tokenizer(models.Unigram([(p.piece, p.score) for p in proto.pieces], unk_id=2, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap), normalizers.Strip(left=False, right=True),
        normalizers.Replace(Regex(" {2,}"), "▁"),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=["$A", "</s>"], pair=["$A", "</s>", "$B", "</s>"], special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    return tokenizer


def xlm_roberta_json(proto: ModelProto) -> Tokenizer:
    """XLM-RoBERTa's: four ids before the model's pieces, `<mask>` after them, a start and an end around the text."""
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0),
              *((p.piece, p.score) for p in proto.pieces[3:]), ("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")])
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=["<s>", "$A", "</s>"], pair=["<s>", "$A", "</s>", "</s>", "$B", "</s>"],
        special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.add_special_tokens([
        "<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, normalized=True, special=True)])
    return tokenizer


def gemma_json(merge_count: int) -> Tokenizer:
    """Gemma's: byte pairs over the whole text with `▁` for spaces, bytes for what the vocabulary has not, an end."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    texts = [list(text.lower().replace(" ", "▁")) for text in CORPUS]
    alphabet = sorted({character for text in texts for character in text})
    merges: list[tuple[str, str]] = []
    while len(merges) < merge_count:
        counts: dict[tuple[str, str], int] = {}
        for text in texts:
            for pair in zip(text, text[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        for row, text in enumerate(texts):
            joined, index = [], 0
            while index < len(text):
                step = 2 if tuple(text[index : index + 2]) == best else 1
                joined.append("".join(text[index : index + step]))
                index += step
            texts[row] = joined
    entries = [*special, *(f"<0x{byte:02X}>" for byte in range(256)), *alphabet, *("".join(pair) for pair in merges)]
    vocabulary = {entry: index for index, entry in enumerate(dict.fromkeys(entries))}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", behavior="merged_with_previous", invert=False)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=["$A", "<eos>"], pair=["$A", "<eos>", "$B", "<eos>"], special_tokens=[("<eos>", 1)])
    tokenizer.add_special_tokens(special)
    return tokenizer
